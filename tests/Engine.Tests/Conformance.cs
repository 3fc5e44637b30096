using Rotunda.Testing.EngineConformance;

namespace Rotunda.Engine.Tests;

// Every case runs twice: with live instances in memory, and with each turn replayed from the stored history.

public sealed class ActivityCasesCached() : ActivityCases(new EngineFixture());

public sealed class ActivityCasesUncached() : ActivityCases(new EngineFixture(cacheSize: 0));

public sealed class TimerCasesCached() : TimerCases(new EngineFixture());

public sealed class TimerCasesUncached() : TimerCases(new EngineFixture(cacheSize: 0));

public sealed class EventCasesCached() : EventCases(new EngineFixture());

public sealed class EventCasesUncached() : EventCases(new EngineFixture(cacheSize: 0));

public sealed class ChildCasesCached() : ChildCases(new EngineFixture());

public sealed class ChildCasesUncached() : ChildCases(new EngineFixture(cacheSize: 0));

public sealed class GenerationCasesCached() : GenerationCases(new EngineFixture());

public sealed class GenerationCasesUncached() : GenerationCases(new EngineFixture(cacheSize: 0));

public sealed class LifecycleCasesCached() : LifecycleCases(new EngineFixture());

public sealed class LifecycleCasesUncached() : LifecycleCases(new EngineFixture(cacheSize: 0));

public sealed class ReplayCasesCached() : ReplayCases(new EngineFixture());

public sealed class ReplayCasesUncached() : ReplayCases(new EngineFixture(cacheSize: 0));

public sealed class DriftCasesCached() : DriftCases(new EngineFixture());

public sealed class DriftCasesUncached() : DriftCases(new EngineFixture(cacheSize: 0));
