using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Rotunda.Architecture.Tests;

/// <summary>
/// One place starts programs, as one place alone can keep a program from inheriting what is meant for another (a key, a password).
/// Read from the compiled code: no way of writing it is overlooked.
/// </summary>
public sealed class ChildProgramTests
{
    private const string Place = "ChildProcess";

    private static readonly string[] Calls =
        ["fork", "vfork", "execv", "execve", "execvp", "posix_spawn", "posix_spawnp", "system", "popen", "CreateProcess", "CreateProcessW"];

    public static TheoryData<string> Projects => DependencyRuleTests.Projects();

    [Theory]
    [MemberData(nameof(Projects))]
    public void Programs_are_started_in_one_place(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyOf(project)));
        var reader = file.GetMetadataReader();

        var starters = reader.TypeDefinitions.SelectMany(type => reader.GetTypeDefinition(type).GetMethods())
            .Select(reader.GetMethodDefinition)
            .Where(method => Imports(reader, method) || Starts(file, reader, method))
            .Select(method => Outermost(reader, method.GetDeclaringType()))
            .Distinct()
            .ToList();

        Assert.True(
            starters.All(type => project == "Providers" && type == Place),
            $"These start programs themselves: {string.Join(", ", starters)}. Let {Place} do it.");
        Assert.Equal(project == "Providers", starters.Count > 0);
    }

    private static bool Imports(MetadataReader reader, MethodDefinition method) =>
        method.GetImport() is { Name.IsNil: false } import && Calls.Contains(reader.GetString(import.Name), StringComparer.Ordinal);

    private static bool Starts(PEReader file, MetadataReader reader, MethodDefinition method) =>
        method.RelativeVirtualAddress != 0
        && MethodBodies.Tokens(file.GetMethodBody(method.RelativeVirtualAddress)).Any(token => IsStart(reader, token));

    private static bool IsStart(MetadataReader reader, EntityHandle token)
    {
        if (token.Kind != HandleKind.MemberReference)
        {
            return false;
        }

        var member = reader.GetMemberReference((MemberReferenceHandle)token);
        if (member.Parent.Kind != HandleKind.TypeReference || reader.GetString(member.Name) != "Start")
        {
            return false;
        }

        var type = reader.GetTypeReference((TypeReferenceHandle)member.Parent);
        return (reader.GetString(type.Namespace), reader.GetString(type.Name)) == ("System.Diagnostics", "Process");
    }

    private static string Outermost(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(reader, outer) : reader.GetString(type.Name);
    }
}
