// The one function that the child calls: it takes and gives primitive values, and what the engine itself made of the
// submission (a thrown value, a namespace) without looking at it. Whatever may run code of the submission runs as a job
// of the engine (`own.soon`), inside the time that the child watches.
(own) => {
  const { string } = own;

  let outcome = null;
  let entryPoint = null;
  let thrownAt = null;

  function begin() {
    outcome = null;
    thrownAt = null;
    own.beginOutput();
    own.beginTimers();
  }
  function fail(error) {
    outcome = own.failure(error, thrownAt);
  }
  /** Runs `work` as a job; what it throws is the outcome. */
  function job(work) {
    own.soon(() => {
      try {
        work();
      } catch (error) {
        fail(error);
      }
    });
  }
  /** Hands over the value of a promise once it is there; false for anything else, a thenable too. */
  function whenSettled(value, use) {
    if (typeof value !== 'object' || value === null || !own.isUnder(own.PromisePrototype, value))
      return false;
    try {
      own.react(value, use, fail);
      return true;
    } catch {
      return false;
    }
  }

  function isFunction(value) {
    return typeof value === 'function' && !own.startsWith(own.sourceOf(value), 'class');
  }
  /** The method of a class `Solution`, of a fresh object for every call. */
  function methodOf(solution, name) {
    if (typeof solution === 'object' && solution !== null)
      return own.hasOwn(solution, name) && typeof solution[name] === 'function'
        ? (...args) => own.apply(solution[name], solution, args)
        : null;
    if (typeof solution !== 'function') return null;
    if (typeof solution.prototype?.[name] === 'function') return ofFresh(solution, name);
    if (!own.hasOwn(solution, name) || typeof solution[name] !== 'function') return null;
    return (...args) => own.apply(solution[name], solution, args);
  }
  function ofFresh(solution, name) {
    return (...args) => {
      const object = new solution();
      return own.apply(object[name], object, args);
    };
  }
  /**
   * The function in a field of a class, which an object of it alone has. What its constructor throws is thrown on where
   * the class names the field, since it is why there is none.
   */
  function fieldOf(solution, name) {
    if (typeof solution !== 'function') return null;
    try {
      const object = new solution();
      return own.hasOwn(object, name) && typeof object[name] === 'function' ? ofFresh(solution, name) : null;
    } catch (error) {
      if (own.includes(own.sourceOf(solution), name)) throw error;
      return null;
    }
  }
  function isObject(value) {
    return (typeof value === 'object' && value !== null) || typeof value === 'function';
  }
  /** Every place in which a submission may have put its function, nearest first. */
  function candidates(name, scope, exported) {
    const found = own.list();
    const add = (value) => own.push(found, value);
    if (scope !== undefined) add(scope);
    if (!isObject(exported)) return found;
    if (own.hasOwn(exported, name)) add(exported[name]);
    if (own.hasOwn(exported, 'default')) {
      const { default: main } = exported;
      if (isObject(main) && own.hasOwn(main, name)) add(main[name]);
      add(main);
    }
    if (typeof exported === 'function') add(exported);
    return found;
  }
  function classes(name, scope, exported) {
    const found = candidates('Solution', scope, exported);
    const named = candidates(name, undefined, exported);
    for (let i = 0; i < named.length; i++) own.push(found, named[i]);
    return found;
  }
  function missing(name, value, hasSolution) {
    const what = typeof value === 'function' ? 'a class' : own.kindOf(value);
    const shown = value === null || isObject(value) ? '' : ` (${own.inspect(value)})`;
    const nowhere = hasSolution ? ': neither a function nor a method of Solution has this name' : '';
    const message =
      value === undefined ? `${name} is not defined${nowhere}` : `${name} is ${what}${shown}, not a function`;
    outcome = own.report('CE', 'MissingEntryPoint', message, null);
  }
  /** Finds the function: in the scope of a script, among the exports, or as a method of a class `Solution`. */
  function adopt(name, declared, declaredSolution, namespace) {
    const exported = namespace ?? own.exported();
    const scope = namespace === undefined ? declared : namespace[`hidden ${name}`];
    const solution = namespace === undefined ? declaredSolution : namespace['hidden Solution'];
    const functions = candidates(name, scope, exported);
    for (let i = 0; i < functions.length && entryPoint === null; i++) {
      if (isFunction(functions[i])) entryPoint = functions[i];
    }
    const types = classes(name, solution, exported);
    for (let i = 0; i < types.length && entryPoint === null; i++) entryPoint = methodOf(types[i], name);
    const value = isObject(exported) && own.hasOwn(exported, name) ? exported[name] : scope;
    for (let i = 0; i < types.length && entryPoint === null; i++) {
      if (types[i] !== value) entryPoint = fieldOf(types[i], name);
    }
    if (entryPoint !== null) outcome = '{"k":"OK"}';
    else
      missing(name, value, types.length > 0 && (solution !== undefined || own.hasOwn(exported, 'Solution')));
  }

  function invoke(argsText, specText) {
    const spec = own.specOf(specText);
    const args = own.decode(argsText, spec);
    const finish = (value) => {
      outcome = own.outcomeOf(value, spec, args);
    };
    const returned = own.apply(entryPoint, undefined, args);
    if (!whenSettled(returned, finish)) finish(returned);
  }

  const operations = {
    __proto__: null,
    /** Before loading: nothing printed, no timers. */
    begin,
    threw: (error) => job(() => fail(error)),
    /** The promise of a module's top level. */
    evaluated(promise) {
      job(() => {
        const done = () => {
          outcome ??= '{"k":"OK"}';
        };
        if (!whenSettled(promise, done)) done();
      });
    },
    adopt(name, declared, declaredSolution, namespace) {
      outcome = null;
      job(() => adopt(name, declared, declaredSolution, namespace));
    },
    /** The lines, as V8 counts them, that a reader's editor does not begin: a list of numbers as JSON text. */
    extraLines(text) {
      own.extraLines = own.parse(text);
    },
    call(argsText, specText) {
      begin();
      job(() => invoke(argsText, specText));
    },
    tick: () => job(own.runTimer),
    /** `done`, `timer` (a timer must run first) or `stuck`. */
    state() {
      if (outcome !== null || own.takeUncaught() !== null) return 'done';
      return own.hasTimers() ? 'timer' : 'stuck';
    },
    /** Whether loading has gone well so far. */
    loaded: () =>
      (outcome === null || outcome === '{"k":"OK"}') && own.takeUncaught() === null ? 'yes' : 'no',
    /** What an error outside of every promise is reported as: a job, since it reads the error. */
    settle() {
      const uncaught = own.takeUncaught();
      if (uncaught !== null) job(() => fail(uncaught.error));
    },
    outcome: () =>
      outcome ?? own.report('RE', 'PromiseNeverSettled', 'the promise that was returned never settles', null),
    flooded: () => (own.isFlooded() ? 'yes' : 'no'),
    output: () => own.takeOutput(),
  };

  own.offer('__thrownAt', (line) => {
    if (own.isInteger(line) && line > 0) thrownAt = line;
  });
  return {
    ask: (operation, ...rest) => string(own.apply(operations[operation], undefined, rest) ?? ''),
    prepare: own.prepare,
    /** `import()` of a submission: refused by a promise of this context. */
    refuseImport: async (_referrer, specifier) => {
      throw new own.TypeError(
        `Cannot import '${own.slice(specifier, 0, 100)}': a submission cannot load modules`,
      );
    },
    ignore() {},
  };
};
