/** The parts of `jest` that tests may use: clocks and spies. Modules can't be replaced: nothing is tested against mocks. */
export function jestObject({ fakeTimersModern: timers, moduleMocker: mocker }) {
  const bound = (owner, names) => Object.fromEntries(names.map((name) => [name, owner[name].bind(owner)]));
  const jest = {
    ...bound(mocker, ['fn', 'spyOn', 'replaceProperty', 'isMockFunction']),
    ...bound(timers, ['advanceTimersByTime', 'advanceTimersByTimeAsync', 'clearAllTimers', 'getTimerCount']),
    ...bound(timers, [
      'now',
      'getRealSystemTime',
      'runAllTimers',
      'runAllTimersAsync',
      'runOnlyPendingTimers',
    ]),
    ...bound(timers, ['runOnlyPendingTimersAsync', 'setSystemTime']),
    useFakeTimers: (config) => chained(() => timers.useFakeTimers(config)),
    useRealTimers: () => chained(() => timers.useRealTimers()),
    clearAllMocks: () => chained(() => mocker.clearAllMocks()),
    resetAllMocks: () => chained(() => mocker.resetAllMocks()),
    restoreAllMocks: () => chained(() => mocker.restoreAllMocks()),
  };
  const chained = (work) => {
    work();
    return jest;
  };
  return jest;
}
