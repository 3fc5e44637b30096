using Rotunda.Campaigns.Selection;

namespace Rotunda.Access;

/// <summary>A role for some secrets only.</summary>
public sealed record Grant(Role Role, Selector On);
