using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.AwsIam;

internal static class AwsAccessKeyDescriptor
{
    public const string User = "user";
    public const string AccessKeyId = "accessKeyId";
    public const string SecretAccessKey = "secretAccessKey";
    public const string Region = "region";
    public const string StsUrl = "stsUrl";
    public const string UsualRegion = "us-east-1";
    public const string Address = "https://iam.amazonaws.com";
    public const string StsAddress = "https://sts.amazonaws.com";

    public static ProviderDescriptor Instance { get; } = new(
        "aws-access-key",
        "AWS access key",
        "Issues and revokes access keys of an IAM user at AWS. The value is the secret access key; `{username}` in a template is the access key's id. Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            new(User, SettingType.Text, "The name of the IAM user whose keys these are.", Required: true),
            new(AccessKeyId, SettingType.Text, "The id of the access key by which Rotunda issues the others, of another user.", Required: true),
            new(SecretAccessKey, SettingType.Text, "That key's secret.", Required: true, IsSecret: true),
            new(Region, SettingType.Text, "The region that signatures name; another in GovCloud and in China, with `url` and `stsUrl`.", Default: UsualRegion),
            VendorApi.UrlSetting(Address),
            new(StsUrl, SettingType.Url, "Of STS, where a new key is tried.", Default: StsAddress),
        ],
        [
            "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html",
            "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html",
            "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A user has at most two access keys, so there must be one only when a rotation starts.",
            "Access keys have no names: one whose answer was lost cannot be told from others, and a person must look at the user's keys then. Where it can be, let workloads use roles instead.",
            "Consumers need both halves: write `{username}` and `{value}` in one target.",
            "A new key may be unknown in some places for a while: it is tried for two minutes, and taken as working after three times in a row.",
            "The last use is told with a delay of up to some hours, to the day in some services: choose `quietFor` longer than that.",
        ],
        Permissions: ["`iam:CreateAccessKey`, `iam:ListAccessKeys`, `iam:GetAccessKeyLastUsed`, `iam:UpdateAccessKey` and `iam:DeleteAccessKey` on the user."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              backup-key:
                provider: { type: aws-access-key, user: backup, accessKeyId: AKIAROTUNDAEXAMPLE, secretAccessKey: env:ROTUNDA_AWS_SECRET }
                interval: 90d
                grace: 2d
                evidence: { quietFor: 1d, timeout: 5d }
                current: { id: AKIAIOSFODNN7EXAMPLE }
                targets:
                  app: { type: dotenv, path: app.env, keys: { AWS_ACCESS_KEY_ID: "{username}", AWS_SECRET_ACCESS_KEY: "{value}" } }
            """)
    {
        WorksAfter = TimeSpan.FromMinutes(2),
        Verifications = 3,
    };
}
