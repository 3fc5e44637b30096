using Rotunda.Testing.EngineConformance;

namespace Rotunda.Engine.Tests;

// Every case runs twice: with live instances in memory, and with each turn replayed from the stored history.

public sealed class ActivitiesCached() : ActivityCases(new EngineFixture());

public sealed class ActivitiesUncached() : ActivityCases(new EngineFixture(cacheSize: 0));
