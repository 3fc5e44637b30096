namespace Rotunda.Providers.Contract;

public sealed class SettingMissingException(string name) : Exception($"The setting '{name}' is required here but not set.");
