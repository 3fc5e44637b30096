using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Manual;

internal static class ManualDescriptor
{
    public const string Check = "check";
    public const string CheckHeader = "checkHeader";

    public static ProviderDescriptor Instance { get; } = new(
        "manual",
        "Made by a person",
        "Takes credentials of any system that a person makes there, and that Rotunda knows nothing else of. A call by HTTP can try them.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [
            new(Check, SettingType.Url, "An address that answers 2xx to a credential that works, and 401 or 403 to one that does not. Left out: nothing is tried."),
            new(CheckHeader, SettingType.Text, "The header that the value stands in, bare. Left out: `Authorization: Bearer`."),
        ],
        ["https://www.rfc-editor.org/rfc/rfc6750"],
        [Strategy.Supplied],
        Limits:
        [
            "Two have to work at once while consumers move. Where the system knows one value only, the old one ends when a person makes the new one.",
            "Without `check` neither the new value nor the end of the old one is proved: a person's word is taken, on record.",
            "Whoever has the value can be asked for it by what stands in `check`: it is sent there.",
        ],
        Permissions: ["Nothing."],
        RollBack: "The new credential is listed as to be revoked by hand.",
        Example: """
            version: 1
            secrets:
              payroll-key:
                provider: { type: manual, check: "https://payroll.example.com/api/me" }
                interval: 180d
                grace: 3d
                ask: { create: an API key of the user rotunda, link: "https://payroll.example.com/keys", due: 5d, expiresAfter: 10d }
                targets:
                  app: { type: dotenv, path: app.env, keys: { PAYROLL_KEY: "{value}" } }
            """)
    {
        NeedsSetting = [new(Check, Abilities.VerifyCredentials)],
        Supplied = new SuppliedCredential("a new credential", null),
    };
}
