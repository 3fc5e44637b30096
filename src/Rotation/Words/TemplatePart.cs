namespace Rotunda.Rotation.Words;

/// <summary>A piece of a template: literal text, or a placeholder.</summary>
/// <param name="Literal">Empty for a placeholder.</param>
/// <param name="Name">Null for literal text.</param>
/// <param name="Modifier">Behind the colon; null if there is none.</param>
public sealed record TemplatePart(string Literal, string? Name = null, string? Modifier = null);
