using System.CommandLine;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data directory (or ROTUNDA_DATA).",
        DefaultValueFactory = _ => FromEnvironment("ROTUNDA_DATA") ?? "data",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<string> Url = new("--url")
    {
        Description = "The server's address (or ROTUNDA_URL).",
        DefaultValueFactory = _ => FromEnvironment("ROTUNDA_URL") ?? DefaultUrl,
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write JSON for programs.",
        Recursive = true,
    };

    public const string DefaultUrl = "http://127.0.0.1:7071";

    public static ApiClient Client(ParseResult parsed) => new(parsed.GetValue(Url)!, Token(parsed));

    public static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>ROTUNDA_TOKEN, or the one that the server left for this machine's command line in its data directory.</summary>
    private static string? Token(ParseResult parsed)
    {
        if (FromEnvironment("ROTUNDA_TOKEN") is { } token)
        {
            return token;
        }

        var saved = DataDirectory.Look(parsed.GetValue(Data)!).CliTokenFile;
        try
        {
            return File.Exists(saved) ? File.ReadAllText(saved).Trim() : null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
