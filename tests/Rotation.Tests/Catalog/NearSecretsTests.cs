using System.Text;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>Of very many secrets only those are compared that may be in each other's way: none that is may be missed, whichever files
/// were read again.</summary>
public sealed class NearSecretsTests
{
    private const string Head = "version: 1\ninclude: teams/*.yaml\n";

    private static readonly IReadOnlyDictionary<string, ProviderDescriptor> s_descriptors = new Dictionary<string, ProviderDescriptor>(
        Samples.Descriptors, StringComparer.Ordinal)
    {
        ["env"] = Samples.Describe(
            "env", "Env files", Abilities.DeliverValues, [], new SettingDescriptor("path", SettingType.Path, "The file.", Required: true),
            new SettingDescriptor("keys", SettingType.TextMap, "The keys.") { Template = TemplateForm.Text })
            with
        { PlaceOf = (_, key) => key.ToUpperInvariant() },
    };

    /// <param name="Reads">The number of the file in which Rotunda's login is.</param>
    /// <param name="Writes">That of the file that it writes; null for none.</param>
    private sealed record Made(string Name, bool IsInPlace, int Reads, string[] Accounts, int? Writes)
    {
        public string Yaml => $"""
              {Name}:
                strategy: {(IsInPlace ? "in-place" : "alternate")}
                provider:
                  type: postgres
                  connection: file:./{Reads}.env
                  {(IsInPlace ? $"role: {Accounts[0]}" : $"accounts: [{Accounts[0]}, {Accounts[1]}]")}
                targets: {(Writes is { } file ? $"{{ t: {{ type: env, path: ./{file}.env }} }}" : "{}")}

            """;
    }

    [Fact]
    public void What_is_in_the_way_of_another_is_told_of_all_files_whichever_is_read_again()
    {
        var random = new Random(31);
        for (var turn = 0; turn < 40; turn++)
        {
            var files = Enumerable.Range(0, 4).Select(file => Some(file, random)).ToArray();
            CatalogParts? before = null;
            for (var change = 0; change < 5; change++)
            {
                var changed = random.Next(files.Length);
                files[changed] = Some(changed, random);

                var result = Read(files, before);

                before = result.Parts;
                Assert.Equal(Expected([.. files.SelectMany(secrets => secrets)]), Told(result));
                Assert.Equal(Read(files, null).Problems, result.Problems);
            }
        }
    }

    [Fact]
    public void Two_spellings_of_one_key_in_one_target_are_found()
    {
        var result = Read("""
            secrets:
              s:
                provider: { type: generated }
                targets:
                  t: { type: env, path: a.env, keys: { key: "{value}", KEY: "{value}" } }
            """);

        var problem = Assert.Single(result.Problems);
        Assert.Equal(("conf/teams/a.yaml", 5, 7), (problem.File, problem.Line, problem.Column));
        Assert.StartsWith("s.targets.t: writes KEY of ", problem.Message, StringComparison.Ordinal);
    }

    private static Made[] Some(int file, Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 6)).Select(number => new Made(
            $"s-{file}-{number}", random.Next(3) == 0, random.Next(8), [$"a{random.Next(30)}", $"b{random.Next(30)}"],
            random.Next(2) == 0 ? random.Next(16) : null)),
    ];

    /// <summary>By looking at each with each.</summary>
    private static List<string> Expected(IReadOnlyList<Made> all)
    {
        var told = new List<string>();
        var owners = new HashSet<(int, string)>();
        foreach (var (turn, secret) in all.Index())
        {
            if (secret.Writes is { } file && all.Take(turn).Any(other => other.Writes == file))
            {
                told.Add($"{secret.Name} place");
            }
            if (secret.Accounts[..(secret.IsInPlace ? 1 : 2)].Any(account => !owners.Add((secret.Reads, account))))
            {
                told.Add($"{secret.Name} account");
            }
            if (secret.IsInPlace && secret.Writes == secret.Reads)
            {
                told.Add($"{secret.Name} own door");
            }
            if (all.Any(other => other.IsInPlace && other != secret && other.Writes == secret.Reads))
            {
                told.Add($"{secret.Name} door");
            }
        }
        return [.. told.Order(StringComparer.Ordinal)];
    }

    private static List<string> Told(CatalogResult result)
    {
        static string Short(CatalogProblem problem) => problem.Message[..problem.Message.IndexOfAny(['.', ':'])] + (
            problem.Message.Contains(": writes ", StringComparison.Ordinal) ? " place"
            : problem.Message.Contains(" is an account of ", StringComparison.Ordinal) ? " account"
            : problem.Message.Contains(": its reference ", StringComparison.Ordinal) ? " own door"
            : problem.Message.Contains(" in place: while that one rotates", StringComparison.Ordinal) ? " door"
            : problem.Message);
        return [.. result.Problems.Concat(result.Warnings).Select(Short).Order(StringComparer.Ordinal)];
    }

    private static CatalogResult Read(Made[][] files, CatalogParts? before) => Read(
        [.. files.Select(secrets => "secrets:\n" + string.Concat(secrets.Select(secret => secret.Yaml)))], before);

    private static CatalogResult Read(string file) => Read([file], null);

    private static CatalogResult Read(IReadOnlyList<string> files, CatalogParts? before) => CatalogReader.Read(
        new CatalogSource(Head, "conf/catalog.yaml", "/etc/rotunda")
        {
            Included =
            [
                .. files.Index().Select(
                    file => new CatalogFile($"teams/{(char)('a' + file.Index)}.yaml", Encoding.UTF8.GetBytes(file.Item))),
            ],
        },
        s_descriptors,
        before: before);
}
