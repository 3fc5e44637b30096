namespace Rotunda.Rotation.Words;

/// <summary>How a target writes what a template gives.</summary>
public enum TemplateForm
{
    /// <summary>As it is.</summary>
    Text,
    /// <summary>As a value of an env file, quoted so that all its readers read the same; not every value can be.</summary>
    EnvValue,
    /// <summary>As it is; the system keeps it in base64 and gives it decoded.</summary>
    Encoded,
}
