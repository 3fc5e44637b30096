using System.Text;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>What is released has no way in that is for tests.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public void The_crash_hook_is_in_the_tests_own_server_alone()
    {
        var hook = Encoding.Unicode.GetBytes("ROTUNDA_CRASH_AT");

        var released = Directory.GetFiles(Path.GetDirectoryName(ServerProcess.Dll)!, "Rotunda.*.dll");

        Assert.True(released.Length > 10);
        Assert.DoesNotContain(released, file => Has(file, hook));
        Assert.True(Has(ServerProcess.CrashDll, hook), "The hook would not be found where it is.");
    }

    private static bool Has(string file, byte[] text) => File.ReadAllBytes(file).AsSpan().IndexOf(text) >= 0;
}
