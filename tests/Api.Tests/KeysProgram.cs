using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>A vendor as a program: a file with a key's id and label in each line.</summary>
internal sealed class KeysProgram : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-orphans-");

    public KeysProgram()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The program is a script of a Unix shell.");
            return;
        }

        File.WriteAllText(Path, $$"""
            #!/bin/sh
            request=$(cat)
            case "$request" in
              *'"operation":"list"'*)
                printf '{"outcome":"done","credentials":['
                sed 's/\(.*\) \(.*\)/{"id":"\1","label":"\2"}/' {{Keys}} | paste -sd, - | tr -d '\n'
                printf ']}' ;;
              *'"operation":"revoke"'*)
                id=$(printf '%s' "$request" | sed 's/.*"id":"\([^"]*\)".*/\1/')
                grep -v "^$id " {{Keys}} > {{Keys}}.new; mv {{Keys}}.new {{Keys}}
                echo "$id" >> {{Keys}}.revokes
                if [ -e {{Keys}}.lost ]; then rm {{Keys}}.lost; exit 1; fi
                printf '{"outcome":"done"}' ;;
              *) printf '{"outcome":"rejected","reason":"not this"}' ;;
            esac
            """.Replace("\r", "", StringComparison.Ordinal) + "\n");
        var own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(Path, own);
        File.SetUnixFileMode(_folder.FullName, own);
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "vendor");

    /// <summary>The keys that live.</summary>
    public string Keys => System.IO.Path.Combine(_folder.FullName, "keys");

    /// <summary>How often it was asked to revoke one.</summary>
    public int Revokes => File.Exists($"{Keys}.revokes") ? File.ReadLines($"{Keys}.revokes").Count() : 0;

    public ProviderBinding Binding => new(
        "exec", new JsonObject { ["program"] = Path, ["operations"] = new JsonArray("issue", "verify", "revoke", "list") });

    /// <summary>It does what it is told next, and the answer is lost.</summary>
    public void LoseNextAnswer() => File.WriteAllText($"{Keys}.lost", "");

    public void Dispose() => _folder.Delete(recursive: true);
}
