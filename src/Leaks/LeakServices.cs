using Rotunda.Leaks.Desk;
using Rotunda.Leaks.GitHub;

namespace Rotunda.Leaks;

/// <summary>What the handlers of leaks work with.</summary>
public sealed record LeakServices(LeakDesk Desk, AlertDesk Alerts, LeakLimit Limit);
