using System.Globalization;
using System.Runtime.InteropServices;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Ldap;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Ldap;

/// <summary>A child process that ends interrupts whatever thread it finds: libldap waits on.</summary>
public sealed class LdapSignalTests(LdapFixture fixture) : IClassFixture<LdapFixture>
{
    private const int ChildEnded = 17;

    [Theory]
    [InlineData("ldaps")]
    [InlineData("starttls")]
    [InlineData("none")]
    public async Task A_signal_is_no_lost_connection(string tls)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent to threads as Linux has them.");
        await using var environment = await LdapEnvironment.StartAsync(fixture, tls, "modify", inPlace: true);
        var provider = new LdapProvider();
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var signals = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var thread in Directory.GetDirectories("/proc/self/task"))
                {
                    sent += Send(Environment.ProcessId, int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), ChildEnded) + 1;
                }
            }
        });

        for (var turn = 0; turn < 20; turn++)
        {
            using var value = SecretValue.FromText($"turn-{turn}-0123456789abcdef");
            var applied = await provider.ApplyAsync(environment.Call(), environment.Credential, value, null, default);
            Assert.Equal((StepOutcomeKind.Done, null), (applied.Kind, applied.Reason));
            var tried = await provider.VerifyAsync(environment.Call(), environment.Credential, value, default);
            Assert.Equal((Validity.Valid, null), (tried.Validity, tried.Detail));
        }

        await stop.CancelAsync();
        await signals;
        Assert.True(sent > 20, $"{sent} signals");
    }

    [DllImport("libc", EntryPoint = "tgkill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int thread, int signal);
}
