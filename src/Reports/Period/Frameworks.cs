namespace Rotunda.Reports.Period;

/// <summary>
/// What SOC 2 (the Trust Services Criteria of 2017) and PCI DSS 4.0.1 ask of secrets, and what the ledger can show for it. It shows what
/// happened; whether a control is designed and operated well is for the auditor to say.
/// </summary>
internal static class Frameworks
{
    private const string Soc = "SOC 2", Pci = "PCI DSS 4.0.1", Own = "The catalog";

    public static IReadOnlyList<Control> Of(PeriodTotals totals, IReadOnlyList<SecretEvidence> secrets, bool intact)
    {
        var rotations = secrets.SelectMany(secret => secret.Rotations).ToList();
        var succeeded = rotations.Where(one => one is { State: "succeeded", InUseAt: not null }).ToList();
        var timed = totals.WithinFrequency + totals.Overdue;
        var chain = intact ? 1 : 0;
        return
        [
            new(Own, "frequency", "Every secret rotates as often as its policy says.",
                "secrets with a frequency whose value is not older", totals.WithinFrequency, timed),
            new(Soc, "CC6.1", "Logical access is protected: credentials are managed through their life.",
                "secrets with a frequency whose value is not older", totals.WithinFrequency, timed),
            new(Soc, "CC6.3", "Access is removed when it is no longer due.",
                "rotations with a new value that succeeded and revoked an old one",
                succeeded.Count(one => one.RevokedFingerprints.Count > 0), succeeded.Count),
            new(Soc, "CC7.4", "Security incidents are responded to.", "leaked values that are dead", totals.LeaksDead, totals.Leaks),
            new(Soc, "CC8.1", "Changes are authorised, tested and recorded.",
                "rotations with a new value that succeeded and looked whether it works", succeeded.Count(one => one.Verified.Count > 0),
                succeeded.Count),
            new(Pci, "8.3.9", "Passwords that are the only factor change at least every 90 days.",
                "secrets whose value is at most 90 days old", totals.Within90Days, totals.Secrets),
            new(Pci, "8.6.3", "Passwords of application and system accounts change as often as the risk analysis says, and on suspicion.",
                "secrets with a frequency whose value is not older", totals.WithinFrequency, timed),
            new(Pci, "3.7.5", "Keys are retired, replaced or destroyed when they may be compromised.",
                "leaked values that are dead", totals.LeaksDead, totals.Leaks),
            new(Pci, "10.3.4", "Changes of audit logs are noticed.", "the hash chain of the audit is whole", chain, 1),
        ];
    }
}
