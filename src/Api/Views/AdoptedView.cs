namespace Rotunda.Api.Views;

/// <summary>A person's word on the credential in use was taken.</summary>
/// <param name="Message">For people.</param>
public sealed record AdoptedView(string Secret, string Message);
