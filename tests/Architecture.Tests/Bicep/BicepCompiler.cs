using System.Diagnostics;
using System.Reflection;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>Bicep's own compiler, from its package.</summary>
internal static class BicepCompiler
{
    /// <summary>Why a test that needs it is skipped.</summary>
    public const string Missing = "Bicep's compiler is referenced for Linux on x64 only";

    private static readonly string? s_program = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "Bicep")?.Value;

    /// <summary>What the parameter files take from the environment. None of it is anybody's.</summary>
    private static readonly Dictionary<string, string> s_environment = new(StringComparer.Ordinal)
    {
        ["ROTUNDA_AUTH_CLIENT_ID"] = "11111111-1111-1111-1111-111111111111",
        ["ROTUNDA_LEDGER_GROUP_NAME"] = "ledger-admins",
        ["ROTUNDA_LEDGER_GROUP_ID"] = "22222222-2222-2222-2222-222222222222",
        ["ROTUNDA_CATALOG_GROUP_ID"] = CatalogGroup,
        ["ROTUNDA_MY_ADDRESS"] = "192.0.2.7",
        ["ROTUNDA_ALERT_EMAIL"] = "alerts@example.com",
    };

    public const string CatalogGroup = "33333333-3333-3333-3333-333333333333";

    public static bool IsHere => s_program is not null;

    /// <summary>Runs the compiler in a folder. What it says of errors and warnings comes on standard error, one a line.</summary>
    public static async Task<BicepRun> RunAsync(string folder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(s_program ?? throw new InvalidOperationException(Missing + "."), arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in s_environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await said);
    }

    /// <summary>Runs the compiler, which must succeed. Answers with its warnings.</summary>
    public static async Task<string> SucceedAsync(string folder, params string[] arguments)
    {
        var run = await RunAsync(folder, arguments);
        return run.ExitCode == 0
            ? run.Said
            : throw new InvalidDataException($"bicep {string.Join(' ', arguments)} ended with {run.ExitCode}:\n{run.Said}");
    }
}

/// <param name="Said">Errors and warnings; empty if there is none.</param>
internal sealed record BicepRun(int ExitCode, string Output, string Said);
