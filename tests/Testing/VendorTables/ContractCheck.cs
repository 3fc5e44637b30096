using System.Diagnostics;
using System.Text.RegularExpressions;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.VendorTables;

/// <summary>Holds recorded exchanges against the vendor's own document, where those documents are.</summary>
public static partial class ContractCheck
{
    /// <summary>The variable with the folder of the documents and of the program that checks; else it is beside the repository.</summary>
    public const string Variable = "ROTUNDA_OPENAPI";

    /// <summary>The folder; null if it is not here.</summary>
    public static string? Folder { get; } = Find();

    /// <returns>What does not fit. Members that a fake leaves out of its answers are no problem: nothing reads them.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(VendorTable table, IEnumerable<FakeExchange> exchanges)
    {
        var start =
            new ProcessStartInfo("python3") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(Folder!, "check.py"));
        foreach (var document in table.Documents)
        {
            start.ArgumentList.Add(Path.Combine(Folder!, document));
        }

        if (table.DocumentBase is { } prefix)
        {
            start.ArgumentList.Add("--base");
            start.ArgumentList.Add(prefix);
        }

        using var check = Process.Start(start)!;
        var output = check.StandardOutput.ReadToEndAsync();
        foreach (var exchange in exchanges)
        {
            await check.StandardInput.WriteLineAsync(exchange.ToLine());
        }

        check.StandardInput.Close();
        await check.WaitForExitAsync();
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0
            ? ["The check said nothing."]
            : [.. lines.Where(line => IsProblem(table, line)), .. lines.Where(line => IsUnknown(table, line))];
    }

    private static bool IsProblem(VendorTable table, string line) =>
        line.Contains("! ") && !LeftOut().IsMatch(line) && !table.NoProblems.Keys.Any(known => line.Contains($"! {known}  ("));

    private static bool IsUnknown(VendorTable table, string line) =>
        line.Split("in no document: ") is [_, var call] && !table.Beyond.Keys.Any(known => Same(known, call.Trim()));

    private static bool Same(string known, string call) =>
        Regex.IsMatch(call, $"^{Part().Replace(Regex.Escape(known), "[^/]+")}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told)
        {
            return told;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rotunda.slnx")))
            {
                var beside = Path.Combine(folder.FullName, "../shared/openapi");
                return File.Exists(Path.Combine(beside, "check.py")) ? beside : null;
            }
        }

        return null;
    }

    [GeneratedRegex(@"! answer \d+\S*: missing", RegexOptions.None, 1000)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\\\{\w+}", RegexOptions.None, 1000)]
    private static partial Regex Part();
}
