namespace Rotunda.Architecture.Tests.Messages;

/// <summary>A message for people as it is written in the sources. What is only known when it runs stands in ‹›.</summary>
/// <param name="By">What says it: Rejected, DeliveryException, …</param>
internal sealed record SaidMessage(string File, int Line, string By, string Text);
