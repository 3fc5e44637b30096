using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

public sealed class SettingMissingException(string name) : Exception($"The setting '{name}' is required here but not set.");
