using System.Globalization;
using System.Text;

namespace Rotunda.Bench.Catalog;

/// <summary>Writes a catalog of very many secrets in files by team, as people would write them.</summary>
internal static class MadeFiles
{
    private const string Main = """
        version: 1
        include: teams/*.yaml
        stores:
          team-vault: { type: vault, address: "https://vault.example.com:8200", mount: secret, token: "file:./vault.token" }
        groups:
          payments: { atOnce: 2 }
        teams: { platform: [anna, ben, carla] }
        defaults:
          grace: 24h
          jitter: 1h
          freezes: { year-end: { from: 2026-12-18, to: 2027-01-04, timeZone: Europe/Berlin } }
        secrets: {}

        """;

    private const string Notices = """
        notices:
          channels:
            ops: { type: signed-webhook, url: "https://ops.example.com/hook", key: env:OPS_KEY }
          routes:
            all: { to: [ops] }

        """;

    /// <param name="wrong">So many secrets, spread over all, have one mistake each.</param>
    /// <param name="isTold">Whether people are told of what happens.</param>
    public static long Write(string folder, int secrets, int files, int wrong = 0, bool isTold = true)
    {
        Directory.CreateDirectory(Path.Combine(folder, "teams"));
        File.WriteAllText(Path.Combine(folder, "catalog.yaml"), isTold ? Main + Notices : Main);
        var every = wrong > 0 ? Math.Max(1, secrets / wrong) : int.MaxValue;
        var bytes = 0L;
        for (var file = 0; file < files; file++)
        {
            var text = new StringBuilder("# The secrets of one team.\nversion: 1\ndefaults:\n  grace: 12h\nsecrets:\n");
            for (var number = file; number < secrets; number += files)
            {
                Write(text, number, file, number / files, number % every == every - 1);
            }

            var path = PathOf(folder, file);
            File.WriteAllText(path, text.ToString());
            bytes += new FileInfo(path).Length;
        }

        return bytes;
    }

    public static string PathOf(string folder, int file) =>
        Path.Combine(folder, "teams", string.Create(CultureInfo.InvariantCulture, $"team-{file:D4}.yaml"));

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"service-{number:D6}-key");

    /// <param name="turn">Which of its file it is: each file has some of every kind.</param>
    private static void Write(StringBuilder text, int number, int team, int turn, bool isWrong)
    {
        var interval = isWrong ? "30 days" : string.Create(CultureInfo.InvariantCulture, $"{30 + (turn % 60)}d");
        text.Append(CultureInfo.InvariantCulture, $$"""
              {{NameOf(number)}}:
                description: What service {{number}} signs in with
                owner: team-{{team}}
                tags: [{{(turn % 5 == 0 ? "staging" : "production")}}, tier-{{number % 4}}]
                interval: {{interval}}

            """);
        text.Append((turn % 3) switch
        {
            0 => $$"""
                    strategy: dual-key
                    provider: { type: generated, purpose: jwt }
                    tokenLifetime: 1h
                    verifierCache: 5m
                    targets:
                      app-env:
                        type: dotenv
                        path: ./apps/{{number}}.env
                        keys: { JWT_PRIMARY: "{primary}", JWT_SECONDARY: "{secondary}" }
                    consumers:
                      app: { type: http, instances: ["http://app-{{number}}:8080"], healthPath: /health }

                """,
            1 => $$"""
                    strategy: alternate
                    provider:
                      type: postgres
                      connection: env:PG_ADMIN
                      accounts: [app_{{number}}_a, app_{{number}}_b]
                    store: team-vault
                    window: { days: [mon, tue, wed, thu], from: "09:00", to: "16:00", timeZone: Europe/Berlin }
                    approval: { before: revoke, timeout: 7d }
                    current: { id: app_{{number}}_a, value: "file:./apps/{{number}}.env#DB_PASSWORD" }
                    targets:
                      app-env: { type: dotenv, path: ./apps/{{number}}.env, keys: { DB_PASSWORD: "{value}" } }

                """,
            _ => $$"""
                    provider: { type: generated }
                    value: { format: text, length: 48 }
                    retry: { attempts: 6, first: 5s, max: 5m }
                    targets:
                      app-key: { type: file, path: ./apps/{{number}}.key, group: 1 }

                """,
        });
    }
}
