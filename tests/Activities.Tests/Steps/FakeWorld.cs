using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>What the fakes stand for: keys, accounts and a target that outlive every crash. Its values are plain: it is a test's
/// world.</summary>
internal sealed class FakeWorld
{
    private int _nextKey = 1;

    public List<FakeKey> Keys { get; } = [];

    /// <summary>Null: locked.</summary>
    public Dictionary<string, string?> Accounts { get; } = [];

    public string? Target { get; set; }

    public int Calls { get; private set; }

    /// <summary>The call (1 for the first) whose answer is lost after its effect.</summary>
    public int LoseAnswerOf { get; set; }

    public Func<string, StepOutcome?> Refuse { get; set; } = _ => null;

    /// <summary>Runs before each call of the issuer: to hang, to throw, to look.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What the slow target answers to each look, in turn; then that the value is there.</summary>
    public Queue<bool> Looks { get; } = new();

    /// <summary>The steps that restarted consumers, by their ids.</summary>
    public List<string> RestartedBy { get; } = [];

    /// <summary>When the step that restarted consumers last was begun first.</summary>
    public DateTimeOffset? RestartBegan { get; private set; }

    /// <summary>What the last delivery to the cloud was told of those before it.</summary>
    public IReadOnlyList<EarlierDelivery> Earlier { get; private set; } = [];

    /// <summary>What the way back was told of the last delivery.</summary>
    public IReadOnlyDictionary<string, string> RestoredAfter { get; private set; } = new Dictionary<string, string>();

    /// <summary>Why the consumer is down; null while it is up.</summary>
    public string? Down { get; set; }

    public TimeSpan ListsAfter { get; set; }

    public TimeSpan WorksAfter { get; set; }

    public bool RepeatsIssue { get; set; }

    public OldEnds? OldEnds { get; set; }

    /// <summary>What the issuer was told of the credential in use: its id, of one that is revoked already, and its value.</summary>
    public (string? Previous, string? Ended, string? Value) Told { get; set; }

    public int Verifications { get; set; } = 1;

    /// <summary>What tries of a value answer, in turn; then the truth.</summary>
    public Queue<Validity> Verdicts { get; } = new();

    public Validity? Verdict { get; set; }

    /// <summary>What an account cannot do although its value is right; null if nothing.</summary>
    public string? Lacks { get; set; }

    public UseReport Use { get; set; } = new(Rotunda.Providers.Contract.Use.NotUsed, "quiet");

    public FakeKey Add(string? label)
    {
        var key = new FakeKey($"key-{_nextKey}", label, $"issued-value-number-{_nextKey++}");
        Keys.Add(key);
        return key;
    }

    public void Restarted(ProviderCall call)
    {
        RestartedBy.Add(call.Step);
        RestartBegan = call.Began;
    }

    public async Task DeliveringAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Earlier = await call.EarlierDeliveries(cancellationToken);

    public void Restoring(ProviderCall call) => RestoredAfter = call.Delivery;

    public T Answer<T>(T answer) => ++Calls == LoseAnswerOf ? throw new TimeoutException("the answer was lost") : answer;
}

internal sealed record FakeKey(string Id, string? Label, string Value)
{
    public bool Live { get; set; } = true;

    public bool Disabled { get; set; }

    public bool Works => Live && !Disabled;

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Null: not told.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>Null: at once.</summary>
    public DateTimeOffset? ListedFrom { get; set; }
}

internal abstract class Fake(FakeWorld world, string id, Abilities abilities) : IProvider
{
    public FakeWorld World { get; } = world;

    public ProviderDescriptor Descriptor { get; protected init; } =
        new(id, id, id, abilities, [new SettingDescriptor("token", SettingType.Text, "", IsSecret: true)], [], [Strategy.Overlap]);
}

/// <summary>Mints keys; several live at once.</summary>
internal class FakeIssuer : Fake, IIssueCredentials, IVerifyCredentials, IRevokeCredentials, IReportUse
{
    public FakeIssuer(FakeWorld world, string id = "fake", Abilities more = Abilities.None)
        : base(
            world,
            id,
            Abilities.IssueCredentials
                | Abilities.VerifyCredentials
                | Abilities.RevokeCredentials
                | Abilities.ReportUse
                | more) => Descriptor = Descriptor with { RepeatsIssue = world.RepeatsIssue, OldEnds = world.OldEnds };

    public async Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken)
    {
        await World.Before("issue", cancellationToken);
        if (World.Refuse("issue") is { } refusal)
        {
            return World.Answer(new IssueResult(refusal));
        }

        using var inUse = await request.InUse();
        World.Told = (request.Previous?.Id, request.Ended?.Id, inUse?.RevealText());

        var key = World.Add(request.Label);
        return World.Answer(new IssueResult(
            StepOutcome.Done(),
            new CredentialHandle(key.Id, null, key.Label),
            SecretValue.FromText(key.Value)));
    }

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        await World.Before($"verify {value.RevealText()}", cancellationToken);
        var valid = World.Keys.Exists(key => key.Works && key.Value == value.RevealText());
        return World.Answer(new Verification(
            World.Verdicts.TryDequeue(out var next) ? next : World.Verdict ?? (valid ? Validity.Valid : Validity.Invalid),
            $"asked with {value.RevealText()}"));
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        var key = World.Keys.Find(key => key.Id == credential.Id);
        var outcome = World.Refuse("revoke") ?? (key is { Live: true } ? StepOutcome.Done() : StepOutcome.AlreadyDone());
        if (outcome.Succeeded && key is not null)
        {
            key.Live = false;
        }

        return Task.FromResult(World.Answer(outcome));
    }

    public Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Use));
}

internal sealed class FakeListingIssuer : FakeIssuer, IListCredentials, IDisableCredentials
{
    public FakeListingIssuer(FakeWorld world)
        : base(world, "listing", Abilities.ListCredentials | Abilities.DisableCredentials) => Descriptor = Descriptor with
        {
            ListsAfter = world.ListsAfter,
            WorksAfter = world.WorksAfter,
            Verifications = world.Verifications,
        };

    public Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer<IReadOnlyList<ListedCredential>>([.. World.Keys
            .Where(key => key.Live && (key.ListedFrom is null || key.ListedFrom <= call.Time.GetUtcNow()))
            .Select(key => new ListedCredential(new CredentialHandle(key.Id, null, key.Label), key.CreatedAt, null)
            {
                ExpiresAt = key.ExpiresAt,
                Hint = $"issued-…{key.Value[^1..]}",
            })]));

    public Task<StepOutcome> DisableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(Set(credential, disabled: true)));

    public Task<StepOutcome> EnableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(Set(credential, disabled: false)));

    private StepOutcome Set(CredentialHandle credential, bool disabled)
    {
        if (World.Refuse(disabled ? "disable" : "enable") is { } refusal)
        {
            return refusal;
        }

        if (World.Keys.Find(key => key.Live && key.Id == credential.Id) is not { } key)
        {
            return disabled ? StepOutcome.AlreadyDone() : StepOutcome.Rejected("it is gone");
        }

        key.Disabled = disabled;
        return StepOutcome.Done();
    }
}

/// <summary>Takes values for accounts.</summary>
internal sealed class FakeAccounts(FakeWorld world)
    : Fake(
        world,
        "accounts",
        Abilities.ApplyValues
            | Abilities.VerifyCredentials
            | Abilities.RevokeCredentials
            | Abilities.ReportUse), IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, ITellAccounts
{
    public Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Use));

    public Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Accounts.GetValueOrDefault(account.Account!) is null
            ? new AccountReport(AccountState.Locked)
            : new AccountReport(AccountState.Open, $"lock {account.Account}")));

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken)
    {
        var outcome = World.Refuse("apply") ?? StepOutcome.Done();
        if (outcome.Succeeded)
        {
            World.Accounts[credential.Account!] = value.RevealText();
        }

        return Task.FromResult(World.Answer(outcome));
    }

    public Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var valid = World.Accounts.GetValueOrDefault(credential.Account!) == value.RevealText();
        return Task.FromResult(World.Answer(valid && World.Lacks is { } lacks
            ? new Verification(Validity.Invalid, lacks) { Authenticates = true }
            : new Verification(World.Verdict ?? (valid ? Validity.Valid : Validity.Invalid))));
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        World.Accounts[credential.Account ?? credential.Id!] = null;
        return Task.FromResult(World.Answer(StepOutcome.Done()));
    }
}

/// <summary>Values made here; nobody has to be told.</summary>
internal sealed class FakeGenerated(FakeWorld world) : Fake(world, "generated", Abilities.GenerateValues);

internal sealed class FakeTarget(FakeWorld world)
    : Fake(
        world,
        "target",
        Abilities.DeliverValues | Abilities.ConfirmSync | Abilities.RestartConsumers | Abilities.CheckConsumers),
        IDeliverValues, IConfirmSync, IRestartConsumers, ICheckConsumers, IValidateSetup
{
    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Down is { } why ? ConsumerDown.Of([why]) : StepOutcome.Done()));

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Target is { } there ? SecretValue.FromText(there) : null));

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken)
    {
        World.Target = Text(values);
        return Task.FromResult(World.Answer(StepOutcome.Done()));
    }

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken)
    {
        World.Restoring(call);
        World.Target = captured?.RevealText();
        return Task.FromResult(World.Answer(StepOutcome.Done()));
    }

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(
            World.Target == Text(expected) ? StepOutcome.Done()
            : World.Target is null ? StepOutcome.Missing("nothing is there")
            : StepOutcome.Differs("not there")));

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        World.Restarted(call);
        return Task.FromResult(World.Answer(World.Refuse("restart") ?? StepOutcome.Done()));
    }

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        Task.FromResult(World.Answer(World.Refuse("check") ?? StepOutcome.Done(("expected", expected.Primary))));

    private static string Text(DeliveredValues values) =>
        values.Primary.Value.RevealText() + (values.Secondary is { } secondary ? $"+{secondary.Value.RevealText()}" : "");
}

/// <summary>A target that cannot be read, and whose answers come from replicas.</summary>
internal sealed class FakeCloud : Fake, IDeliverValues, IConfirmSync
{
    public FakeCloud(FakeWorld world)
        : base(world, "cloud", Abilities.DeliverValues | Abilities.ConfirmSync) =>
        Descriptor = Descriptor with { IsWriteOnly = true, IsEventual = true, Confirmations = 3 };

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
        throw new NotSupportedException("cannot be read");

    public async Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken)
    {
        await World.DeliveringAsync(call, cancellationToken);
        World.Target = values.Primary.Value.RevealText();
        return World.Answer(StepOutcome.Done(("run", $"{World.Calls + 1}"), ("target", call.Target)));
    }

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        throw new NotSupportedException("cannot be read");

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        Task.FromResult(
            World.Answer(
                World.Looks.TryDequeue(out var there) && !there
                    ? StepOutcome.RetryLater("a replica has the old value")
                    : StepOutcome.Done()));
}
