using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 for signing keys: instances that reload at different times refuse no token.</summary>
public sealed class JwtInstancesTests(ITestOutputHelper output)
{
    private const int Rotations = 20;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Three_instances_refuse_no_token_through_twenty_rotations()
    {
        using var folder = new TempFolder();
        var envFile = folder.Write("jwt.env", "JWT_PRIMARY=the-key-before-rotunda-came-here\n");
        await using var one = await JwtService.StartAsync(envFile, TimeSpan.FromMilliseconds(130));
        await using var two = await JwtService.StartAsync(envFile, TimeSpan.FromMilliseconds(370));
        await using var three = await JwtService.StartAsync(envFile, TimeSpan.FromMilliseconds(610));
        Uri[] instances = [one.Address, two.Address, three.Address];
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              jwt:
                strategy: dual-key
                provider: { type: generated, purpose: jwt }
                value: { format: base64url, length: 32 }
                tokenLifetime: 1s
                grace: 1s
                retry: { attempts: 50, first: 1s, max: 1s }
                current: { value: "file:{{envFile}}#JWT_PRIMARY" }
                targets:
                  app-env:
                    type: dotenv
                    path: {{envFile}}
                    keys: { JWT_PRIMARY: "{primary}", JWT_SECONDARY: "{secondary}", JWT_SALT: "{salt}" }
                consumers:
                  app:
                    type: http
                    instances: [{{string.Join(", ", instances.Select(i => i.ToString().TrimEnd('/')))}}]
                    healthPath: /healthz
                    fingerprintPath: /fingerprint
            """);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(folder.File("data"), catalog, "1h"));
        using var api = new RotundaApi(server);
        await using var load = new JwtLoad(instances, TokenLifetime);

        for (var i = 0; i < Rotations; i++)
        {
            Assert.Equal("succeeded", await api.RotateToEndAsync("jwt"));
        }

        output.WriteLine($"{load.Checks} tokens checked, {load.Refusals.Count} refused");
        Assert.Empty(load.Refusals);
        Assert.True(load.Checks > Rotations, "The load did not run.");
    }
}
