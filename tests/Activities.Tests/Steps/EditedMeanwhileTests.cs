using System.Text.Json.Nodes;
using Rotunda.Providers.Ssh;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Real files that somebody edits while a rotation is under way: between its check and its delivery, between its delivery and
/// the wait for its arrival, and before its way back.</summary>
public sealed class EditedMeanwhileTests : IDisposable
{
    private static readonly PlannedStep Generate = Plans.Step("Generate", "generated");
    private readonly TempFolder _folder = new();
    private readonly StepHarness _harness = new();

    public static TheoryData<string> Kinds => ["dotenv", "file", "authorized-keys"];

    private string Target => _folder.File("target");

    public void Dispose()
    {
        _harness.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_edited_after_the_check_is_not_overwritten_and_the_way_back_leaves_it(string kind)
    {
        await RotatedOnceAsync(kind);
        await StartAsync(kind, Generate);
        await MustAsync(At(kind, StepKinds.Validate));
        await MustAsync(Generate);
        var edited = await EditAsync(kind);

        var refused = await _harness.RunAsync(At(kind, StepKinds.Deliver));
        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains("env has drifted", refused.Reason);
        await MustAsync(At(kind, StepKinds.Deliver), Redeliver(kind));

        Assert.Equal(edited, await File.ReadAllTextAsync(Target));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_edited_after_the_delivery_has_not_arrived_and_the_way_back_brings_the_value_in_use(string kind)
    {
        await RotatedOnceAsync(kind);
        var before = await File.ReadAllTextAsync(Target);
        await StartAsync(kind, Generate);
        await MustAsync(Generate);
        await MustAsync(At(kind, StepKinds.Deliver));
        Assert.NotEqual(before, await File.ReadAllTextAsync(Target));
        await MustAsync(At(kind, StepKinds.ConfirmSync));
        await EditAsync(kind);

        var arrival = await _harness.RunAsync(At(kind, StepKinds.ConfirmSync));
        Assert.False(arrival.Succeeded);
        Assert.Contains("did someone edit it?", arrival.Reason);
        await MustAsync(At(kind, StepKinds.Deliver), Redeliver(kind));

        // What others wrote meanwhile stays, where the file is not ours as a whole.
        Assert.Equal(kind == "file" ? before : before + "# theirs\n", await File.ReadAllTextAsync(Target));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_deleted_after_the_check_is_delivered_and_taken_back_out_of_the_store(string kind)
    {
        await RotatedOnceAsync(kind);
        var before = await File.ReadAllTextAsync(Target);
        await StartAsync(kind, Generate);
        await MustAsync(At(kind, StepKinds.Validate));
        await MustAsync(Generate);
        File.Delete(Target);

        Assert.NotNull((await MustAsync(At(kind, StepKinds.Deliver))).Facts![StepFacts.Drift]);
        await MustAsync(At(kind, StepKinds.Deliver), Redeliver(kind));

        // Ours is there again; what others had in a file that is not ours as a whole, nobody knows any more.
        Assert.Equal(kind == "file" ? before : before["# mine\n".Length..], await File.ReadAllTextAsync(Target));
    }

    private async Task RotatedOnceAsync(string kind)
    {
        await _harness.AdoptAsync(kind == "authorized-keys" ? OpenSshKey.NewEcdsa() : "the-old-value", null, null);
        await File.WriteAllTextAsync(Target, "# mine\n");
        await StartAsync(kind, Generate);
        foreach (var step in new[]
        {
            Generate, At(kind, StepKinds.Deliver), Plans.Step(StepKinds.Promote, "generated"), Plans.Step(StepKinds.Revoke, "generated"),
        })
        {
            await MustAsync(step);
        }

        await _harness.Ledger.RecordStateAsync(
            new RecordInput(
                _harness.Plan.RotationId,
                1,
                1,
                RotationState.Succeeded,
                RotationActions.Of(RotationState.Succeeded),
                Actors.Rotunda,
                null,
                null),
            default);
    }

    private async Task StartAsync(string kind, PlannedStep step)
    {
        var snapshot = (await _harness.Ledger.GetSnapshotAsync("app", default))!;
        var rule = kind == "authorized-keys" ? new ValueRule(ValueFormat.SshEcdsa, 32) : ValueRule.Default;
        await _harness.StartAsync(Plans.Plan("app", snapshot.NextNumber, Strategy.DualKey, step) with { Value = rule });
    }

    /// <summary>By hand: another value where ours stands, and a line of their own.</summary>
    private async Task<string> EditAsync(string kind)
    {
        var text = await File.ReadAllTextAsync(Target);
        var ours = kind switch
        {
            "dotenv" => text.Split('\n').Single(line => line.StartsWith("KEY=", StringComparison.Ordinal)),
            "file" => text,
            _ => text.Split('\n').Single(line => line.Contains("rotunda:app", StringComparison.Ordinal)),
        };
        var other = kind switch
        {
            "dotenv" => "KEY=by-hand",
            "file" => "by-hand",
            _ => ours.Replace(ours.Split(' ')[1], OtherKey(), StringComparison.Ordinal),
        };
        var edited = text.Replace(ours, other, StringComparison.Ordinal) + "# theirs\n";
        await File.WriteAllTextAsync(Target, edited);
        return edited;
    }

    private static string OtherKey()
    {
        using var value = SecretValue.FromText(OpenSshKey.NewEcdsa());
        return OpenSshKey.PublicOf(value)!.Blob;
    }

    private PlannedStep At(string kind, string step) =>
        Plans.Step(step, kind, "env", settings: (StepSettings.OnDrift, StepSettings.Stop)) with { Provider = Binding(kind) };

    private PlannedUndo Redeliver(string kind) => Plans.Undo("Redeliver", kind, "env") with { Provider = Binding(kind) };

    private ProviderBinding Binding(string kind) => new(kind, kind switch
    {
        "dotenv" => new JsonObject { ["path"] = Target, ["keys"] = new JsonObject { ["KEY"] = "{value}" } },
        "file" => new JsonObject { ["path"] = Target, ["template"] = "# whole\n{value}\n" },
        _ => new JsonObject { ["path"] = Target },
    });

    private async Task<StepOutcome> MustAsync(PlannedStep step, PlannedUndo? undo = null)
    {
        var outcome = await _harness.RunAsync(step, undo);
        Assert.True(outcome.Succeeded, $"{step.Kind} {undo?.Kind}: {outcome.Kind}: {outcome.Reason}");
        return outcome;
    }
}
