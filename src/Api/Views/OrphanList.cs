namespace Rotunda.Api.Views;

public sealed record OrphanList(IReadOnlyList<OrphanView> Orphans);
