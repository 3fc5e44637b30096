namespace JwtConsumer;

internal sealed record Health(string Status);

internal sealed record TokenRequest(string Sub);

internal sealed record Token(string Value);

internal sealed record Verdict(bool Valid);

internal sealed record KeyFingerprints(string? Primary, string? Secondary);
