using System.Text;
using Rotunda.Providers.Clients.Aws;

namespace Rotunda.Activities.Tests.Providers.Aws;

/// <summary>The published test suite of Signature Version 4: its credentials, its moment, its signatures.</summary>
public sealed class AwsSignatureTests
{
    private static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static readonly DateTimeOffset Moment = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    // get-vanilla, post-vanilla, get-vanilla-query-order-key-case, post-vanilla-query
    [InlineData("GET", "https://example.amazonaws.com/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "https://example.amazonaws.com/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData(
        "GET",
        "https://example.amazonaws.com/?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "https://example.amazonaws.com/?Param1=value1", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    public void Plain_requests_are_signed_as_in_the_suite(string method, string address, string signature) =>
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
                + $"Signature={signature}",
            Signed(method, address, [], "").Single(header => header.Name == "Authorization").Value);

    [Fact]
    public void A_body_and_its_type_are_signed()
    {
        // post-x-www-form-urlencoded
        var signed =
            Signed("POST", "https://example.amazonaws.com/", [("Content-Type", "application/x-www-form-urlencoded")], "Param1=value1");

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            signed.Single(header => header.Name == "Authorization").Value);
    }

    [Fact]
    public void Headers_are_joined_and_trimmed()
    {
        // get-header-key-duplicate and get-header-value-trim
        Assert.EndsWith(
            "Signature=c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            Signed(
                "GET",
                "https://example.amazonaws.com/",
                [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
                "").Single(h => h.Name == "Authorization").Value,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            Signed("GET", "https://example.amazonaws.com/", [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")], "")
                .Single(h => h.Name == "Authorization").Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_s_token_is_sent_and_signed()
    {
        var signed = AwsSignature.Sign(
            "GET",
            new Uri("https://example.amazonaws.com/"),
            [],
            [],
            Credentials with { SessionToken = "token" },
            "us-east-1",
            "service",
            Moment);

        Assert.Contains(("X-Amz-Security-Token", "token"), signed);
        Assert.Contains(
            "SignedHeaders=host;x-amz-date;x-amz-security-token,",
            signed.Single(h => h.Name == "Authorization").Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_do_not_print() => Assert.Equal("AKIDEXAMPLE ***", Credentials.ToString());

    private static IReadOnlyList<(string Name, string Value)> Signed(
        string method,
        string address,
        IReadOnlyList<(string, string)> headers,
        string body) =>
        AwsSignature.Sign(method, new Uri(address), headers, Encoding.UTF8.GetBytes(body), Credentials, "us-east-1", "service", Moment);
}
