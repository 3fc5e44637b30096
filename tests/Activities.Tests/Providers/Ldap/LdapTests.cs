using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Ldap;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.Ldap;

/// <summary>Accounts of a real slapd.</summary>
public sealed class LdapTests(LdapFixture fixture) : IClassFixture<LdapFixture>
{
    private static readonly LdapProvider Provider = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("ldaps", "extended")]
    [InlineData("starttls", "modify")]
    [InlineData("none", "extended")]
    public async Task Conforms(string tls, string method)
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, tls, method, inPlace: false);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task The_one_account_that_everybody_uses_is_never_locked_and_what_is_wrong_is_said_before()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "ldaps", "extended", inPlace: true);

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
        Assert.Equal(Validity.Valid, await TryAsync(environment, LdapEnvironment.InUsePassword));
        Assert.Equal(StepOutcomeKind.Done, (await Provider.ValidateAsync(environment.Call(), default)).Kind);
        foreach (var (what, settings) in environment.BrokenSettings)
        {
            var outcome = await Provider.ValidateAsync(environment.Call(settings: settings), default);
            Assert.True(outcome is { Succeeded: false, Reason.Length: > 10 }, $"{what}: {outcome}");
        }
    }

    [Fact]
    public async Task Nobody_who_binds_with_the_published_value_is_refused_in_twenty_turns()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "ldaps", "extended", inPlace: false);
        // One reference: account and password are read together.
        var published = Tuple.Create(LdapServer.Dn(environment.Other), LdapEnvironment.InUsePassword);
        using var stop = new CancellationTokenSource();
        ConcurrentQueue<string> refused = new();
        var binds = new int[3];
        var clients = Enumerable.Range(0, binds.Length).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (account, password) = published;
                using var value = SecretValue.FromText(password);
                var tried = await Provider.VerifyAsync(environment.Call(), new(account, account, null), value, default);
                if (tried.Validity != Validity.Valid)
                {
                    refused.Enqueue($"{account}: {tried}");
                }

                Interlocked.Increment(ref binds[client]);
            }
        })).ToList();

        for (var turn = 0; turn < 20; turn++)
        {
            var old = published.Item1;
            var idle = LdapServer.Dn(turn % 2 == 0 ? environment.Name : environment.Other);
            Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), new(idle, idle, null), default)).State);
            var text = $"turn-{turn}-{Guid.NewGuid():N}";
            using var value = SecretValue.FromText(text);
            Assert.True((await Provider.ApplyAsync(environment.Call(), new(idle, idle, null), value, null, default)).Succeeded);
            published = Tuple.Create(idle, text);
            // Whoever read the old value has begun a bind with it; the grace period is for them.
            var seen = (int[])binds.Clone();
            Assert.True(
                SpinWait.SpinUntil(() => seen.Index().All(one => Volatile.Read(ref binds[one.Index]) > one.Item + 1), Patience),
                $"A client is stuck: {string.Join(' ', binds)}. {string.Join(' ', refused)}");
            Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), new(old, old, null), default)).Kind);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(refused.IsEmpty, string.Join('\n', refused.Take(5)));
        Assert.True(binds.Sum() > 100, $"{binds.Sum()} binds");
    }

    [Theory]
    [InlineData("extended")]
    [InlineData("modify")]
    public async Task Every_printable_character_binds_and_the_old_password_can_be_set_again(string method)
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "ldaps", method, inPlace: true);
        foreach (var text in OddValues.Of(() => "plain").Append("{SSHA}bm8gaGFzaA==").Append(LdapEnvironment.InUsePassword))
        {
            // A server that is given a text that looks like a hash takes it for one where it does not hash by itself.
            if (method == "modify" && text.StartsWith('{'))
            {
                continue;
            }

            Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment.Call(), environment, text)).Kind);
            Assert.Equal(Validity.Valid, await TryAsync(environment, text));
        }
    }

    [Fact]
    public async Task An_empty_value_is_no_password_although_the_server_takes_it_for_nobody_s()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "ldaps", "extended", inPlace: true);

        Assert.Equal(Validity.Invalid, await TryAsync(environment, ""));
        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment.Call(), environment, "")).Kind);
        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment.Call(), environment, "a\0b")).Kind);
    }

    [Fact]
    public async Task With_StartTLS_no_password_crosses_the_line()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "starttls", "modify", inPlace: true);
        await using var clear = await LdapEnvironment.StartAsync(fixture, "none", "modify", inPlace: true);
        await using var proxy = new LdapProxy(fixture.Server.Port);
        const string text = "crosses-the-line-0123456789";

        Assert.True((await ApplyAsync(By(environment, proxy), environment, text)).Succeeded);
        Assert.DoesNotContain(text, proxy.Sent);
        Assert.DoesNotContain(fixture.Server.RotundaPassword, proxy.Sent);
        // And the proxy would have seen it.
        Assert.True((await ApplyAsync(By(clear, proxy), clear, text)).Succeeded);
        Assert.Contains(text, proxy.Sent);
        Assert.Contains(fixture.Server.RotundaPassword, proxy.Sent);
    }

    [Theory]
    [InlineData("ldaps", 1, StepOutcomeKind.Done)]
    [InlineData("starttls", 1, StepOutcomeKind.Done)]
    [InlineData("ldaps", 2, StepOutcomeKind.Rejected)]
    public async Task A_server_that_goes_down_while_TLS_is_agreed_on_is_asked_once_more(string tls, int cuts, StepOutcomeKind expected)
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, tls, "extended", inPlace: true);
        await using var proxy = new LdapProxy(tls == "ldaps" ? fixture.Server.TlsPort : fixture.Server.Port) { CutAtOnce = cuts };

        Assert.Equal(expected, (await ApplyAsync(By(environment, proxy), environment, "asked-twice-0123456789")).Kind);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_not_known_and_the_next_attempt_sets_it_again()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "none", "extended", inPlace: true);
        await using var proxy = new LdapProxy(fixture.Server.Port) { CutAfter = "1.3.6.1.4.1.4203.1.11.1" };
        const string text = "lost-0123456789abcdef";

        var lost = await ApplyAsync(By(environment, proxy), environment, text);

        Assert.Equal(StepOutcomeKind.Unknown, lost.Kind);
        Assert.DoesNotContain(text, lost.Reason);
        Assert.Equal(Validity.Valid, await TryAsync(environment, text));
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment.Call(2), environment, text)).Kind);
    }

    [Fact]
    public async Task Active_Directory_gets_the_password_in_quotes_as_UTF_16_and_the_account_enabled()
    {
        await using var environment = await LdapEnvironment.StartAsync(fixture, "ldaps", "active-directory", inPlace: false);
        var account = LdapServer.Dn(environment.Name);
        foreach (var name in new[] { environment.Name, environment.Other })
        {
            await fixture.Server.ModifyAsync(
                $"dn: {LdapServer.Dn(name)}\nchangetype: modify\nadd: userAccountControl\nuserAccountControl: 514");
        }

        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), new(account, account, null), default)).State);
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment.Call(), environment, "pässword")).Kind);

        var written = await fixture.Server.ReadAsync(environment.Name, "unicodePwd");
        Assert.Equal($"unicodePwd:: {Convert.ToBase64String(Encoding.Unicode.GetBytes("\"pässword\""))}", written);
        Assert.Equal("userAccountControl: 512", await fixture.Server.ReadAsync(environment.Name, "userAccountControl"));
        Assert.Equal(AccountState.Open, (await Provider.LookAsync(environment.Call(), new(account, account, null), default)).State);
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), new(account, account, null), default)).Kind);
        Assert.Equal("userAccountControl: 514", await fixture.Server.ReadAsync(environment.Name, "userAccountControl"));
        var again = await Provider.RevokeAsync(environment.Call(), new(account, account, null), default);
        Assert.Equal(StepOutcomeKind.AlreadyDone, again.Kind);
    }

    [Theory]
    [InlineData("80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 52e, v4563", Validity.Invalid)]
    [InlineData("80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 775, v4563", null)]
    [InlineData("", Validity.Invalid)]
    public void A_bind_that_is_refused_for_another_reason_says_nothing_of_the_password(string said, Validity? expected) =>
        Assert.Equal(
            expected,
            LdapFailures.OfBind(new System.DirectoryServices.Protocols.LdapException(49, "The supplied credential is invalid.", said)));

    [Theory]
    [InlineData("ldap.example.com", "ldaps", "ldap.example.com:636")]
    [InlineData("ldap.example.com", "starttls", "ldap.example.com:389")]
    [InlineData("[2001:db8::1]:6360", "ldaps", "2001:db8::1:6360")]
    [InlineData("2001:db8::1", "ldaps", "2001:db8::1:636")]
    public void The_port_is_the_usual_one_unless_it_is_told(string server, string tls, string expected)
    {
        var settings = new JsonObject { ["server"] = server, ["tls"] = tls, ["bindDn"] = "cn=r", ["account"] = "cn=a" };

        Assert.Equal(expected, LdapSetup.Read(new(settings, new FixedReferences(new Dictionary<string, string>()))).Address);
    }

    private static ProviderCall By(LdapEnvironment environment, LdapProxy proxy) =>
        environment.Call(settings: environment.With("server", $"127.0.0.1:{proxy.Port}"));

    private static async Task<StepOutcome> ApplyAsync(ProviderCall call, LdapEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Provider.ApplyAsync(call, environment.Credential, value, null, default);
    }

    private static async Task<Validity> TryAsync(LdapEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await Provider.VerifyAsync(environment.Call(), environment.Credential, value, default)).Validity;
    }
}
