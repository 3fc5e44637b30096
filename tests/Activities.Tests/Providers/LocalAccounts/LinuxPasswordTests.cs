using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.LocalAccounts;

/// <summary>Accounts behind a real sshd, with real chpasswd and su.</summary>
public sealed class LinuxPasswordTests(LinuxHostFixture fixture) : IClassFixture<LinuxHostFixture>
{
    private const string Canary = "cAnary-on-no-command-line-9f31c2";

    [Fact]
    public async Task Conforms()
    {
        await using var environment = await StartAsync();
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task Every_printable_character_arrives_is_taken_by_sshd_too_and_the_old_one_can_be_set_again()
    {
        await using var environment = await StartAsync();
        foreach (var text in OddValues.Of(() => "plain").Append(LinuxEnvironment.InUsePassword))
        {
            Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, text)).Kind);
            Assert.Equal(Validity.Valid, (await TryAsync(environment, text)).Validity);
        }

        Assert.True(await fixture.Host.LetsInAsync(environment.Credential.Id!, LinuxEnvironment.InUsePassword));
        Assert.False(await fixture.Host.LetsInAsync(environment.Credential.Id!, "another-0123456789"));
    }

    [Fact]
    public async Task The_password_is_on_no_command_line_and_in_no_environment()
    {
        await using var environment = await StartAsync();
        using var stop = new CancellationTokenSource();
        var (found, looks) = (new List<string>(), 0);
        var watching = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                found.AddRange(WhereIs(Canary));
                looks++;
            }
        });

        for (var turn = 0; turn < 3; turn++)
        {
            Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, Canary)).Kind);
            Assert.Equal(Validity.Valid, (await TryAsync(environment, Canary)).Validity);
        }

        await stop.CancelAsync();
        await watching;
        Assert.Empty(found);
        Assert.True(looks > 3, $"{looks} looks");
    }

    [Fact]
    public async Task An_account_whose_shell_lets_nobody_in_is_known_all_the_same()
    {
        await using var environment = await StartAsync("/usr/sbin/nologin");

        Assert.Equal(Validity.Valid, (await TryAsync(environment, LinuxEnvironment.InUsePassword)).Validity);
        Assert.Equal(Validity.Invalid, (await TryAsync(environment, "another-0123456789")).Validity);
    }

    [Fact]
    public async Task As_another_user_than_root_a_password_is_tried_and_what_sudo_lacks_is_said()
    {
        await using var environment = await StartAsync();
        var login = fixture.NewName();
        await fixture.Host.AddAsync(login, "a-login-0123456789abcdef");
        var call = environment.Call(settings: environment.With("login", login));
        using var right = SecretValue.FromText(LinuxEnvironment.InUsePassword);
        using var wrong = SecretValue.FromText("another-0123456789");
        var verifying = environment.Provider.Can<IVerifyCredentials>()!;

        var tried = await verifying.VerifyAsync(call, environment.Credential, right, default);
        Assert.True(tried.Validity == Validity.Valid, tried.Detail);
        Assert.Equal(Validity.Invalid, (await verifying.VerifyAsync(call, environment.Credential, wrong, default)).Validity);
        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(call, default);
        Assert.Equal(StepOutcomeKind.Rejected, told.Kind);
        Assert.Contains($"{login} ALL=(root) NOPASSWD: /usr/sbin/chpasswd", told.Reason);
    }

    [Theory]
    [InlineData("privateKey", "env:LOCKED", "has a passphrase")]
    [InlineData("privateKey", "env:PUBLIC", "is a public key")]
    [InlineData("privateKey", "env:NONE", "is no private key")]
    [InlineData("privateKey", "env:OTHER", "does not let root in with the key")]
    [InlineData("knownHosts", "/dev/null", "/dev/null ('knownHosts') has no host key")]
    [InlineData("knownHosts", "/nowhere/known", "/nowhere/known ('knownHosts') is not there")]
    [InlineData("knownHosts", "OTHER", "shows another host key than")]
    [InlineData("host", "127.0.0.1:22", "Write host: 127.0.0.1 and port: 22.")]
    [InlineData("host", "nowhere.invalid", "its name is not found. Check 'host'.")]
    [InlineData("port", "1", "127.0.0.1:1 cannot be reached: nothing listens at that port")]
    [InlineData("port", "HTTP", "does not talk as sshd does")]
    [InlineData("ssh", "/nowhere/ssh", "There is no program /nowhere/ssh on this machine")]
    [InlineData("ssh", "/bin/true", "Something else ran on 127.0.0.1")]
    public async Task What_is_wrong_on_the_way_there_is_told(string setting, string value, string problem)
    {
        await using var environment = await StartAsync();
        await using var other = new LocalListener(async (client, stop) =>
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop));
        JsonNode given = value switch
        {
            "HTTP" => other.Port,
            "1" => 1,
            "OTHER" => await KnownAsync(environment),
            _ => value,
        };

        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(
            environment.Call(settings: environment.With(setting, given)), default);

        Assert.NotEqual(StepOutcomeKind.Done, told.Kind);
        Assert.Contains(problem, told.Reason, StringComparison.Ordinal);
    }

    /// <summary>A session that is lost says what a connection that never was says too; then the password may be set.</summary>
    [Theory]
    [InlineData("Read from remote host box: No route to host", StepOutcomeKind.Unknown)]
    [InlineData("Read from remote host box: Network is unreachable", StepOutcomeKind.Unknown)]
    [InlineData("client_loop: send disconnect: Broken pipe", StepOutcomeKind.Unknown)]
    [InlineData("ssh: connect to host box port 22: No route to host", StepOutcomeKind.RetryLater)]
    public async Task What_was_lost_in_the_middle_is_not_taken_for_what_never_began(string said, StepOutcomeKind kind)
    {
        await using var environment = await StartAsync();
        using var folder = new TempFolder();
        var ssh = folder.File("ssh");
        await File.WriteAllTextAsync(ssh, $"#!/bin/sh\ncat >/dev/null\necho '{said}' >&2\nexit 255\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var value = SecretValue.FromText("another-password");
        var outcome = await environment.Provider.Can<IApplyValues>()!.ApplyAsync(
            environment.Call(settings: environment.With("ssh", ssh)), environment.Credential, value, null, default);

        Assert.Equal(kind, outcome.Kind);
    }

    [Fact]
    public async Task A_login_whose_shell_runs_nothing_is_told_as_such()
    {
        await using var environment = await StartAsync();
        var login = fixture.NewName();
        await fixture.Host.AddAsync(login, "a-login-0123456789abcdef", "/usr/sbin/nologin");
        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(
            environment.Call(settings: environment.With("login", login)), default);
        Assert.Equal(StepOutcomeKind.Rejected, told.Kind);
        Assert.Contains($"chsh -s /bin/sh {login}", told.Reason, StringComparison.Ordinal);
    }

    /// <summary>The right machine with another key.</summary>
    private static async Task<string> KnownAsync(LinuxEnvironment environment)
    {
        using var key = SecretValue.FromText(environment.References["env:OTHER"]);
        var shown = OpenSshKey.PublicOf(key)!;
        var known = (string)environment.Settings["knownHosts"]!;
        var line = await File.ReadAllTextAsync(known, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            known + ".other", $"{line.Split(' ')[0]} {shown.Type} {shown.Blob}\n", TestContext.Current.CancellationToken);
        return known + ".other";
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nroot:lines")]
    [InlineData("a\0b")]
    public async Task What_would_be_another_line_to_chpasswd_is_made_anew(string text)
    {
        await using var environment = await StartAsync();
        var before = fixture.Host.Shadow("root");

        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment, text)).Kind);
        Assert.Equal(Validity.Invalid, (await TryAsync(environment, text)).Validity);
        Assert.Equal(before, fixture.Host.Shadow("root"));
    }

    private static IEnumerable<string> WhereIs(string text)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            foreach (var name in new[] { "cmdline", "environ" })
            {
                var file = Path.Combine(process, name);
                string content;
                try
                {
                    content = Encoding.UTF8.GetString(File.ReadAllBytes(file));
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It has ended.
                    continue;
                }

                if (content.Contains(text, StringComparison.Ordinal))
                {
                    yield return $"{file}: {content}";
                }
            }
        }
    }

    private async Task<LinuxEnvironment> StartAsync(string shell = "/bin/sh")
    {
        Assert.SkipUnless(fixture.WhyNot is null, fixture.WhyNot ?? "");
        var name = fixture.NewName();
        await fixture.Host.AddAsync(name, LinuxEnvironment.InUsePassword, shell);
        return new LinuxEnvironment(fixture.Host, name);
    }

    private static async Task<StepOutcome> ApplyAsync(LinuxEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), environment.Credential, value, null, default);
    }

    private static async Task<Verification> TryAsync(LinuxEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(
            environment.Call(), environment.Credential, value, default);
    }
}
