using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Issuers.Tests.Tables;

/// <summary>https://developers.cloudflare.com/r2/api/tokens/</summary>
internal sealed class R2Table() : CloudflareTable($"/accounts/{Account}/tokens", Account, "cloudflare-r2-key")
{
    private const string Account = "023e105f4ecef8ad9ca31a8372d0c353";

    public override JsonObject Settings
    {
        get
        {
            var settings = base.Settings;
            settings["s3Url"] = Vendor.Address;
            return settings;
        }
    }

    public override IEnumerable<(string What, JsonObject Settings)> Broken => [("no account", new() { ["account"] = null })];

    public override IReadOnlyDictionary<string, string> Beyond => new Dictionary<string, string>
    {
        ["GET /"] = "S3's ListBuckets, at another address: https://developers.cloudflare.com/r2/api/s3/api/",
    };

    protected override void Draw()
    {
        base.Draw();
        Route("GET /", request => FakeS3.ListBuckets(
            request,
            Keys.Select(key => key with { Value = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Value))) }),
            "auto"));
    }
}
