namespace Rotunda.Access;

/// <summary>How long a signed-in browser stays so.</summary>
/// <param name="Idle">Without anything asked by a person.</param>
/// <param name="Longest">However much it is used.</param>
/// <param name="Fresh">How old a sign-in may be when something is approved, where the identity provider can be asked again; null for any
/// age.</param>
public sealed record SignInTimes(TimeSpan Idle, TimeSpan Longest, TimeSpan? Fresh)
{
    public static SignInTimes Usual { get; } = new(TimeSpan.FromHours(2), TimeSpan.FromHours(12), TimeSpan.FromMinutes(15));
}
