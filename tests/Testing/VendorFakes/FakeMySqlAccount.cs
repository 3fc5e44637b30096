namespace Rotunda.Testing.VendorFakes;

/// <summary>An account of a <see cref="FakeMySql"/>, with what it keeps of one or two passwords.</summary>
public sealed class FakeMySqlAccount(string user, string host = "%")
{
    public string User { get; } = user;

    public string Host { get; } = host;

    public string Plugin { get; set; } = "caching_sha2_password";

    /// <summary>What is kept of the first password.</summary>
    public string First { get; set; } = "";

    /// <summary>What is kept of the second one; null without.</summary>
    public string? Second { get; set; }

    public bool IsLocked { get; set; }

    public bool NeedsSecondFactor { get; set; }

    public string TlsType { get; set; } = "";

    /// <summary>Lines of SHOW GRANTS, with <c>{}</c> for the account's name.</summary>
    public List<string> Grants { get; set; } = ["GRANT USAGE ON *.* TO {}"];

    public HashSet<string> Databases { get; } = ["orders"];

    /// <summary>Those by which it logs in, as far as the test has named them.</summary>
    public IEnumerable<string> Passwords => new[] { First, Second }.OfType<string>().Where(Known.ContainsKey).Select(kept => Known[kept]);

    /// <summary>The password behind each thing that is kept.</summary>
    internal IDictionary<string, string> Known { get; set; } = new Dictionary<string, string>();
}
