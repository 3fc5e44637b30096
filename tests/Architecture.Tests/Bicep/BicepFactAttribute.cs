using System.Runtime.CompilerServices;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>A test that needs Bicep's compiler, and is skipped by name where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BicepFactAttribute : FactAttribute
{
    public BicepFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = BicepCompiler.Missing;
        SkipType = typeof(BicepCompiler);
        SkipUnless = nameof(BicepCompiler.IsHere);
    }
}
