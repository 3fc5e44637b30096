namespace Rotunda.Activities.Orphans;

/// <summary>Status while another attempt is waited for.</summary>
public sealed record OrphanStatus(int Attempts, string Reason);
