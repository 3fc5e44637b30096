using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Rest;
using Rotunda.Rotation.Words;

namespace Rotunda.Issuers.Tests;

/// <summary>What a template fills in can lead nowhere else, and what is no template is told.</summary>
public sealed class RestTemplateTests
{
    private static readonly RestTemplate Template = new(new Dictionary<string, string>
    {
        ["id"] = "a/../b?c#d",
        ["label"] = "\", \"admin\": true, \"x\": \"",
        ["dots"] = "..",
        ["none"] = "",
    });

    [Theory]
    [InlineData("keys/{id}", "keys/a%2F..%2Fb%3Fc%23d")]
    [InlineData("/keys/{id}?all=true", "keys/a%2F..%2Fb%3Fc%23d?all=true")]
    [InlineData("v1/things:enable/{{x}}", "v1/things:enable/{x}")]
    [InlineData("?id={id}", "?id=a%2F..%2Fb%3Fc%23d")]
    public void Paths_are_filled_in_escaped(string template, string path) => Assert.Equal(path, Template.Path(template).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("../keys")]
    [InlineData("keys/../../x")]
    [InlineData("keys/./x")]
    [InlineData("//elsewhere.example/keys")]
    [InlineData("keys//x")]
    [InlineData("https://elsewhere.example/keys")]
    [InlineData("https:keys")]
    [InlineData("keys\\x")]
    [InlineData("keys#x")]
    [InlineData("keys x")]
    [InlineData("keys/{nobody}")]
    [InlineData("keys/{id")]
    [InlineData("keys/id}")]
    [InlineData("keys/{dots}")]
    [InlineData("keys/{none}")]
    [InlineData("keys/{id.length}")]
    public void What_leads_elsewhere_or_is_not_known_is_refused(string template) =>
        Assert.Equal(StepOutcomeKind.Rejected, Assert.Throws<OutcomeException>(() => Template.Path(template)).Outcome.Kind);

    [Fact]
    public void Bodies_are_read_before_they_are_filled_in_so_that_a_text_stays_one()
    {
        var body = Template.Body("""{ "name": "{label}", "deep": [{ "n": "<{id}>" }, 7, true, null], "{id}": "{{id}}" }""")!;

        Assert.Equal(["name", "deep", "{id}"], body.Select(member => member.Key));
        Assert.Equal("\", \"admin\": true, \"x\": \"", (string?)body["name"]);
        Assert.Equal("[{\"n\":\"\\u003Ca/../b?c#d\\u003E\"},7,true,null]", body["deep"]!.ToJsonString());
        Assert.Equal("{id}", (string?)body["{id}"]);
        Assert.Null(Template.Body(null));
    }

    [Theory]
    [InlineData("name={label}")]
    [InlineData("[]")]
    [InlineData("{ \"name\": \"{nobody}\" }")]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    public void What_is_no_body_is_refused(string template) =>
        Assert.Equal(StepOutcomeKind.Rejected, Assert.Throws<OutcomeException>(() => Template.Body(template)).Outcome.Kind);

    [Theory]
    [InlineData("", null)]
    [InlineData("/", "")]
    [InlineData("/data/0/id", "id")]
    [InlineData("/a~1b~0c", "a/b~c")]
    public void Pointers_are_read_as_the_standard_has_them(string text, string? last) => Assert.Equal(last, new RestPointer(text).Last);

    [Theory]
    [InlineData("data/id")]
    [InlineData("$.data.id")]
    [InlineData("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21")]
    public void What_is_no_pointer_is_refused(string text) => Assert.Throws<OutcomeException>(() => new RestPointer(text));
}
