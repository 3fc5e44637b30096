using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

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
