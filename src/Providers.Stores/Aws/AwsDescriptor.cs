using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

internal static class AwsDescriptor
{
    public const string Region = "region";
    public const string AccessKeyId = "accessKeyId";
    public const string SecretAccessKey = "secretAccessKey";
    public const string SessionToken = "sessionToken";
    public const string RoleArn = "roleArn";
    public const string WebIdentityToken = "webIdentityToken";
    public const string Prefix = "prefix";
    public const string KmsKey = "kmsKey";
    public const string Secret = "secret";
    public const string Keys = "keys";
    public const string Template = "template";
    public const string Address = "address";
    public const string StsAddress = "stsAddress";

    public static ProviderDescriptor Instance { get; } = new(
        "aws-secrets-manager",
        "AWS Secrets Manager",
        "A store whose versions are told apart by staging labels, and a target: a secret there that other systems read.",
        Abilities.StoreSecrets | Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Region, SettingType.Text, "Such as `eu-central-1`.", Required: true),
            new(AccessKeyId, SettingType.Text, "The id of an access key. Left out with `roleArn`. With neither, the machine's own credentials are taken, as AWS's tools find them: variables (`AWS_…`), a profile, the role of a container or an instance."),
            new(SecretAccessKey, SettingType.Text, "The access key itself.", IsSecret: true),
            new(SessionToken, SettingType.Text, "The session's token, if the access key is a temporary one.", IsSecret: true),
            new(RoleArn, SettingType.Text, "A role to act as instead, in exchange for `webIdentityToken`: no long-lived key is needed."),
            new(WebIdentityToken, SettingType.Text, "The token that the platform gives, such as `file:/var/run/secrets/eks.amazonaws.com/serviceaccount/token`. Read anew each time.", IsSecret: true),
            new(Prefix, SettingType.Text, "As a store: put in front of each name, such as `rotunda/`.", Default: ""),
            new(KmsKey, SettingType.Text, "As a store: the KMS key for secrets that are made. Left out: `aws/secretsmanager`."),
            new(Secret, SettingType.Text, "As a target: the secret's name or ARN. It is made if it does not exist."),
            new(Keys, SettingType.TextMap, "As a target: the keys of the JSON object in the secret that this one owns, each with its template; others stay as they are. " + DeliveryTemplate.Help) { Template = TemplateForm.Text },
            new(Template, SettingType.Text, "As a target, instead of `keys`: the whole text of the secret.", Default: "{value}") { Template = TemplateForm.Text },
            new(Address, SettingType.Url, "Another address than the region's public one: a VPC endpoint, say."),
            new(StsAddress, SettingType.Url, "As `address`, for STS."),
        ],
        [
            "https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html",
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html",
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
            "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html",
            "https://docs.aws.amazon.com/sdk-for-net/v4/developer-guide/creds-assign.html",
        ],
        [],
        Limits:
        [
            "As a store: a pending version has the label AWSPENDING and one of Rotunda's own (`<owner>/<n>`); promoting moves AWSCURRENT, and AWS moves AWSPREVIOUS along. AWSPENDING that a failed rotation left on another version moves to the new one.",
            "AWS labels the first version of a secret AWSCURRENT by itself. Rotunda does not take it for current before it is promoted (it has the label `rotunda-unpromoted`), but readers at AWS get it. Where readers exist already, adopt the value in use first.",
            "A version cannot be deleted: discarding takes all labels off, and AWS deletes versions without labels in its own time. Until then a principal with GetSecretValue who knows the version's id can read it.",
            "AWS keeps versions without labels up to 100, and none younger than 24 hours is removed: rotate a secret less often than every 10 minutes on average.",
            "AWS allows 20 staging labels on all versions of one secret together. Each value that is pending, current or previous has one of Rotunda's, and so has an orphan until it is settled: where one more would not fit, a rotation is refused before it begins.",
            "What stood at targets before a rotation is kept in a secret of its own for each (`<prefix><secret>-capture-<number>-…`), which is deleted for good when it is needed no more: at the end of the rotation, or once the next one delivers if it was rolled back.",
            "A secret that AWS itself rotates (RotationEnabled) is refused, as a store's and as a target.",
            "Temporary credentials that expire under way are taken anew, and the step is tried again.",
            "A secret that is scheduled for deletion is refused until it is restored at AWS.",
            "Values up to 64 KB.",
            "Replicas: arrival is confirmed once all regions of the secret are in sync.",
        ],
        Permissions:
        [
            "As a store, on `arn:aws:secretsmanager:REGION:ACCOUNT:secret:PREFIX*`: secretsmanager:DescribeSecret, GetSecretValue, CreateSecret, PutSecretValue, UpdateSecretVersionStage.",
            "As a store, on `arn:aws:secretsmanager:REGION:ACCOUNT:secret:PREFIX*-capture-*`: secretsmanager:DeleteSecret. Without it those secrets stay there without a value.",
            "As a target, on the one secret: secretsmanager:DescribeSecret, GetSecretValue, PutSecretValue, UpdateSecretVersionStage; CreateSecret and DeleteSecret only if Rotunda is to make it.",
            "With a KMS key of your own: kms:Decrypt and kms:GenerateDataKey on it.",
        ],
        Arrival: "The version AWSCURRENT is read twice in a row and has the values, and every replica region is InSync.",
        RollBack: "The keys (or the whole text) that this secret owns are put back as they were by a new version; a secret that was not there before is scheduled for deletion in 7 days. A secret that was there without a value is never deleted: AWS takes no current version away, so an empty JSON object (without the keys) becomes current. Other keys keep what they have by then.",
        Example: """
            version: 1
            stores:
              aws:
                type: aws-secrets-manager
                region: eu-central-1
                prefix: rotunda/
                roleArn: arn:aws:iam::123456789012:role/rotunda
                webIdentityToken: file:/var/run/secrets/eks.amazonaws.com/serviceaccount/token
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                store: aws
                targets:
                  app:
                    type: aws-secrets-manager
                    region: eu-central-1
                    accessKeyId: AKIAIOSFODNN7EXAMPLE
                    secretAccessKey: env:AWS_SECRET_ACCESS_KEY
                    secret: prod/app
                    keys: { SESSION_SECRET: "{value}" }
            """,
        IsEventual: true,
        Confirmations: 2);
}
