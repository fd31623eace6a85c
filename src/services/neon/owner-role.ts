import pg from 'pg';

/** The role that owns the tables: no superuser, as at Neon, so that no statement of its reaches the host. */
export const OWNER_ROLE = 'study_paths_owner';

/** Gives the role the database and what a superuser made in it: earlier versions worked as one. */
const HAND_OVER = `do $$
declare
  item record;
begin
  execute format('alter database %I owner to ${OWNER_ROLE}', current_database());
  for item in
    with mine as (select oid from pg_roles where rolname = session_user),
      places as (select oid, nspname from pg_namespace where nspname in ('public', 'drizzle'))
    select format('schema %I', nspname) as what from pg_namespace
      where nspname = 'drizzle' and nspowner = (select oid from mine)
    union all
    select format('%s %s', case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'S' then 'sequence' else 'table' end, c.oid::regclass)
      from pg_class c join places p on p.oid = c.relnamespace
      where c.relowner = (select oid from mine) and c.relkind in ('r', 'p', 'v', 'm', 'S')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('a', 'i')))
    union all
    select format('routine %s', f.oid::regprocedure)
      from pg_proc f join places p on p.oid = f.pronamespace
      where f.proowner = (select oid from mine) and f.prokind <> 'a'
        and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e')
    union all
    select format('type %s', t.oid::regtype)
      from pg_type t join places p on p.oid = t.typnamespace
      where t.typowner = (select oid from mine) and t.typtype in ('d', 'e')
        and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
  loop
    execute format('alter %s owner to ${OWNER_ROLE}', item.what);
  end loop;
  if exists (select from pg_roles where rolname = 'study_paths_worker') then
    grant study_paths_worker to ${OWNER_ROLE} with admin option;
  end if;
end $$`;

const MAKE_ROLE = `do $$ begin
  if not exists (select from pg_roles where rolname = '${OWNER_ROLE}') then create role ${OWNER_ROLE}; end if;
end $$`;

/**
 * Makes the owner's role in the database of a superuser's address, with this password.
 * @returns the role's address of that database.
 */
async function makeOwner(client: pg.Client, address: URL, password: string): Promise<string> {
  await client.query(MAKE_ROLE);
  const secret = client.escapeLiteral(password);
  await client.query(`alter role ${OWNER_ROLE} login createrole createdb password ${secret}`);
  await client.query(HAND_OVER);
  const owner = new URL(address);
  owner.username = OWNER_ROLE;
  owner.password = encodeURIComponent(password);
  return owner.href;
}

/**
 * The address of the role that owns the tables: the one in `databaseUrl`, or, when that is a superuser, the owner's role,
 * which is made there and gets what the superuser has made of this product.
 */
export async function ownerAddress(databaseUrl: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ rolsuper: boolean }>(
      'select rolsuper from pg_roles where rolname = session_user',
    );
    return rows[0]?.rolsuper === true ? await makeOwner(client, new URL(databaseUrl), password) : databaseUrl;
  } finally {
    await client.end();
  }
}
