using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What very many secrets say alike, so that it is held once for them: see <see cref="Policy"/>.</summary>
internal sealed record PolicyTerms
{
    public static PolicyTerms Usual { get; } = new();

    public Strategy Strategy { get; init; }
    public string Store { get; init; } = "embedded";
    public ValueRule Value { get; init; } = ValueRule.Default;
    public CronRule? Cron { get; init; }
    public RiskClass? Risk { get; init; }
    public bool OnCompromise { get; init; }
    public TimeSpan Jitter { get; init; }
    public TimeSpan? RenewBefore { get; init; }
    public RotationWindow? Window { get; init; }
    public IReadOnlyList<ChangeFreeze> Freezes { get; init; } = [];
    public MissedRun Missed { get; init; }
    public RotationGroup? Group { get; init; }
    public SchedulePause? Paused { get; init; }
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromDays(1);
    public TimeSpan? TokenLifetime { get; init; }
    public TimeSpan? VerifierCache { get; init; }
    public MigrationMode Migration { get; init; }
    public WhenDown WhenDown { get; init; }
    public ApprovalPolicy? Approval { get; init; }
    public AskPolicy? Ask { get; init; }
    public OnDrift OnDrift { get; init; }
    public EvidencePolicy? Evidence { get; init; }
    public TimeSpan? DisableFor { get; init; }
    public RetryBudget Retry { get; init; } = new(6, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromMinutes(2);
}
