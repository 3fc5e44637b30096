using System.Diagnostics;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Exec;
using Rotunda.Providers.Processes;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.Contract;

public sealed class ExecTests
{
    private const string Value = "a-value-that-nobody-may-see-0123456789";

    [Fact]
    public async Task The_sample_program_conforms()
    {
        await using var environment = new ExecEnvironment();
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData("exit 110", StepOutcomeKind.Rejected)]
    [InlineData("exit 111", StepOutcomeKind.RetryLater)]
    [InlineData("exit 112", StepOutcomeKind.NewValueNeeded)]
    [InlineData("exit 1", StepOutcomeKind.Unknown)]
    [InlineData("kill -9 $$", StepOutcomeKind.Unknown)]
    [InlineData("echo no JSON", StepOutcomeKind.Unknown)]
    [InlineData("""echo '{"outcome":"done"} {"outcome":"done"}'""", StepOutcomeKind.Unknown)]
    [InlineData("""echo '[]'""", StepOutcomeKind.Unknown)]
    [InlineData("""echo '{"outcome":"Done"}'""", StepOutcomeKind.Unknown)]
    [InlineData("""echo '{"outcome":"done","more":1}'""", StepOutcomeKind.Done)]
    [InlineData("""echo '{"outcome":"already-done"}'""", StepOutcomeKind.AlreadyDone)]
    [InlineData("""echo '{"outcome":"new-value-needed","reason":"too long"}'""", StepOutcomeKind.NewValueNeeded)]
    public async Task What_a_program_says_or_does_has_one_meaning(string script, StepOutcomeKind expected)
    {
        await using var environment = new ExecEnvironment();

        var outcome = await DeliverAsync(environment, script);

        Assert.Equal(expected, outcome.Kind);
    }

    [Fact]
    public async Task Asking_for_what_changes_nothing_is_tried_again_whatever_went_wrong()
    {
        await using var environment = new ExecEnvironment();
        using var value = SecretValue.FromText(Value);

        var outcome = await new ExecProvider().ConfirmAsync(
            environment.Call(settings: environment.With(new() { ["program"] = environment.Script("exit 1") })),
            Values(value),
            default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
    }

    [Fact]
    public async Task Reasons_facts_and_the_wish_to_wait_are_passed_on_without_values()
    {
        await using var environment = new ExecEnvironment();

        var outcome = await DeliverAsync(
            environment,
            $$$"""cat >/dev/null; echo '{"outcome":"retry-later","reason":"busy with {{{Value}}}","retryAfterSeconds":7,"""
                + $$$""" "facts":{"run":"https://ci/1","n":3,"v":"{{{Value}}}","list":[1]} }'""");

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Equal("busy with ***", outcome.Reason);
        Assert.Equal(TimeSpan.FromSeconds(7), outcome.RetryAfter);
        Assert.Equal(new Dictionary<string, string> { ["run"] = "https://ci/1", ["n"] = "3", ["v"] = "***" }, outcome.Facts);
    }

    [Fact]
    public async Task Values_are_on_standard_input_only_and_Rotunda_s_own_environment_stays_its_own()
    {
        await using var environment = new ExecEnvironment();
        const string name = "ROTUNDA_TEST_OWN_SECRET";
        Environment.SetEnvironmentVariable(name, "own-secret");
        var script = environment.Script("""
            tr '\0' '\n' < /proc/$$/cmdline > "$OUT/args"; env > "$OUT/env"; cat > "$OUT/stdin"; echo '{"outcome":"done"}'
            """);
        var seen = Path.GetDirectoryName(script)!;
        using var value = SecretValue.FromText(Value);
        var call = environment.Call(settings: environment.With(new()
        {
            ["program"] = script, ["arguments"] = new JsonArray("--one", "two words"), ["environment"] = new JsonObject { ["OUT"] = seen },
        }));

        var outcome = await new ExecProvider().DeliverAsync(call, Values(value), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        Assert.Contains("--one\ntwo words\n", await File.ReadAllTextAsync(Path.Combine(seen, "args")));
        Assert.DoesNotContain(Value, await File.ReadAllTextAsync(Path.Combine(seen, "args")));
        Assert.DoesNotContain(Value, await File.ReadAllTextAsync(Path.Combine(seen, "env")));
        Assert.DoesNotContain(name, await File.ReadAllTextAsync(Path.Combine(seen, "env")));
        Assert.Equal(
            Value,
            JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(seen, "stdin")))!["values"]!["primary"]!["value"]!.GetValue<string>());
        Environment.SetEnvironmentVariable(name, null);
    }

    [Fact]
    public async Task Nothing_that_a_program_writes_to_the_temporary_folder_is_left()
    {
        await using var environment = new ExecEnvironment();
        var script = environment.Script("""
            echo leftover > "$TMPDIR/left"; echo "$TMPDIR" > "$OUT/folder"; stat -c %a "$TMPDIR" >> "$OUT/folder"
            cat >/dev/null; echo '{"outcome":"done"}'
            """);
        var out_ = Path.GetDirectoryName(script)!;
        using var value = SecretValue.FromText(Value);
        var call = environment.Call(
            settings: environment.With(new() { ["program"] = script, ["environment"] = new JsonObject { ["OUT"] = out_ } }));

        var outcome = await new ExecProvider().DeliverAsync(call, Values(value), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        var told = await File.ReadAllLinesAsync(Path.Combine(out_, "folder"));
        Assert.Contains("rotunda-child-", told[0], StringComparison.Ordinal);
        Assert.Equal("700", told[1]);
        Assert.False(Directory.Exists(told[0]));
    }

    [Fact]
    public void What_a_killed_Rotunda_left_is_taken_away_and_what_a_live_one_uses_is_not()
    {
        var all = Directory.CreateTempSubdirectory("rotunda-test-");
        using var gone = Process.Start("true");
        gone.WaitForExit();
        var (dead, live) =
            (all.CreateSubdirectory($"rotunda-child-{gone.Id}-x"), all.CreateSubdirectory($"rotunda-child-{Environment.ProcessId}-x"));
        File.WriteAllText(Path.Combine(dead.FullName, "left"), "");

        ChildFolder.Sweep(all.FullName);

        Assert.Equal((false, true), (Directory.Exists(dead.FullName), Directory.Exists(live.FullName)));
        all.Delete(recursive: true);
    }

    [Fact]
    public async Task A_program_in_a_folder_that_everyone_may_write_to_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes.");
            return;
        }

        await using var environment = new ExecEnvironment();
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(environment.Script("exit 0"))!, "open", "below"));
        var script = Path.Combine(folder.FullName, "program");
        File.Copy(environment.Script("echo '{\"outcome\":\"done\"}'"), script);
        File.SetUnixFileMode(folder.Parent!.FullName, File.GetUnixFileMode(folder.FullName) | UnixFileMode.OtherWrite);
        using var value = SecretValue.FromText(Value);

        var outcome = await new ExecProvider().DeliverAsync(
            environment.Call(settings: environment.With(new() { ["program"] = script })),
            Values(value),
            default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains($"chmod o-w {folder.Parent.FullName}", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo hello", "does not answer deliver as it should. The answer is no JSON object")]
    [InlineData("true", "does not answer deliver as it should. There is no answer")]
    [InlineData("echo '{\"outcome\":\"rejected\"}'", "answered rejected to deliver without a reason.")]
    public async Task A_bad_answer_is_told_with_the_program_that_gave_it(string answer, string problem)
    {
        await using var environment = new ExecEnvironment();
        var script = environment.Script($"cat >/dev/null\n{answer}\n");
        using var value = SecretValue.FromText(Value);

        var outcome = await new ExecProvider().DeliverAsync(
            environment.Call(settings: environment.With(new() { ["program"] = script })), Values(value), default);

        Assert.StartsWith($"{script} {problem}", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_ended_with_all_it_started()
    {
        await using var environment = new ExecEnvironment();
        var script = environment.Script("""
            trap '' TERM
            sleep 1000 &
            echo $! > "$OUT/child"
            cat >/dev/null
            wait
            sleep 1000
            """);
        var folder = Path.GetDirectoryName(script)!;
        using var value = SecretValue.FromText(Value);
        var call = environment.Call(
            settings: environment.With(
                new() { ["program"] = script, ["timeout"] = "1s", ["environment"] = new JsonObject { ["OUT"] = folder } }));

        var outcome = await new ExecProvider().DeliverAsync(call, Values(value), default);

        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("did not end within 1 s", outcome.Reason);
        var child = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "child")));

        // The signal is sent; the system ends the child in its own time. Nothing else would: it sleeps for longer than this waits.
        for (var since = Stopwatch.StartNew(); IsRunning(child) && since.Elapsed < TimeSpan.FromSeconds(60);)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.False(IsRunning(child), "Its child lives on.");
    }

    [Fact]
    public async Task A_value_that_is_no_text_survives_the_way_there_and_back()
    {
        await using var environment = new ExecEnvironment();
        var script = environment.Script("""printf '{"outcome":"done","captured":{"base64":"/wD+"}}'""");
        var call = environment.Call(settings: environment.With(new() { ["program"] = script }));

        using var captured = await new ExecProvider().CaptureAsync(call, default);

        Assert.Equal(new byte[] { 0xff, 0x00, 0xfe }, captured!.RevealBytes().ToArray());
        var echo = environment.Script("""grep -q '"captured":{"base64":"/wD' && echo '{"outcome":"done"}'""");
        Assert.True(
            (await new ExecProvider().RestoreAsync(
                environment.Call(settings: environment.With(new() { ["program"] = echo })),
                captured,
                default)).Succeeded);
    }

    [Fact]
    public async Task An_issued_credential_without_its_value_is_unknown()
    {
        await using var environment = new ExecEnvironment();
        var call = environment.Call(
            settings: environment.With(
                new() { ["program"] = environment.Script("""echo '{"outcome":"done","credential":{"id":"k"}}'""") }));

        var issued = await new ExecProvider().IssueAsync(call, new IssueRequest("rotunda-s-1", null), default);

        Assert.Equal(StepOutcomeKind.Unknown, issued.Outcome.Kind);
        Assert.Null(issued.Value);
    }

    [Fact]
    public async Task Ends_and_what_is_shown_of_a_value_are_read()
    {
        await using var environment = new ExecEnvironment();
        var script = environment.Script("""
            case "$(cat)" in
              *'"operation":"issue"'*)
                echo '{"outcome":"done","credential":{"id":"k"},"value":"tok-123","expiresAt":"2027-01-31T12:00:00Z"}' ;;
              *) echo '{"outcome":"done","credentials":[{"id":"k","expiresAt":"2027-01-31T12:00:00Z","hint":"tok-…3f9a"}]}' ;;
            esac
            """);
        var call = environment.Call(settings: environment.With(new() { ["program"] = script }));

        var issued = await new ExecProvider().IssueAsync(call, new IssueRequest("rotunda-s-1", null), default);
        var listed = Assert.Single(await new ExecProvider().ListAsync(call, default));

        var end = new DateTimeOffset(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal((end, end, "tok-…3f9a"), (issued.ExpiresAt, listed.ExpiresAt, listed.Hint));
        issued.Value!.Dispose();
    }

    private static async Task<StepOutcome> DeliverAsync(ExecEnvironment environment, string script)
    {
        using var value = SecretValue.FromText(Value);
        return await new ExecProvider().DeliverAsync(
            environment.Call(settings: environment.With(new() { ["program"] = environment.Script(script) })),
            Values(value),
            default);
    }

    private static DeliveredValues Values(SecretValue value) => new(new(value, "app", Fingerprint.Of(value, "00")), null, "00");

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return File.ReadAllText($"/proc/{id}/status").Contains("State:\tZ", StringComparison.Ordinal) is false;
        }
        catch (Exception gone) when (gone is ArgumentException or IOException)
        {
            return false;
        }
    }
}
