extern alias uapi;

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using BuiltInCatalog = uapi::HvBindgen.Uapi.BuiltInCatalog;

namespace HvBindgen.Uapi.Tests;

/// <summary>
/// Diagnostics with their words and places, judged by Roslyn's own test library: nothing may be said or made
/// besides, and what is made must compile on .NET 8.
/// </summary>
public sealed class VerifiedTests
{
    [Theory]
    [InlineData("NO_SUCH_NAME_*", "HVU001", "No header of {0} declares 'NO_SUCH_NAME_*'")]
    [InlineData("EV_RE*", "HVU006", "'EV_RE*' matches 2 names, more than 1; narrow it, or set UapiPatternLimit")]
    [InlineData("-EV_KEY", "HVU007", "'EV_KEY' leaves out nothing that another line asks for")]
    [InlineData("__u32", "HVU008", "'__u32' is a typedef of unsigned int, for which C# has a type of its own")]
    public Task A_line_that_cannot_be_done_as_it_stands_is_told_at_its_name(string line, string id, string message) =>
        GeneratorTest.Of($"EV_REL\r\n  {line} // why\r\n", properties: ("UapiPatternLimit", "1"))
            .Saying(
                id, DiagnosticSeverity.Warning, 2, 3, line.Length,
                message.Replace("{0}", BuiltInCatalog.Value.Origin, StringComparison.Ordinal))
            .RunWhateverIsMade();

    [Fact]
    public Task A_name_that_the_chosen_machine_lacks_is_told() =>
        GeneratorTest.Of("struct kvm_cpuid2", properties: ("UapiTargets", "arm64")).Saying(
            "HVU003", DiagnosticSeverity.Warning, 1, 1, 17,
            "'struct kvm_cpuid2' is declared for x86_64 only, and the project asks for arm64").Run();

    [Fact]
    public Task A_name_of_one_machine_is_told_with_its_namespace() =>
        GeneratorTest.Of("struct kvm_cpuid2", properties: ("RootNamespace", "App")).Saying(
            "HVU004", DiagnosticSeverity.Info, 1, 1, 17,
            "'struct kvm_cpuid2' is declared for x86_64 only, and stands in the namespace App.Uapi.X64").RunWhateverIsMade();

    [Theory]
    [InlineData("UapiVisibility", "private", "internal or public")]
    [InlineData("UapiTargets", "pdp11", "one of x86_64, arm64, riscv64, ppc64le, s390x, armv7")]
    [InlineData("UapiNamespace", "not a namespace", "a namespace")]
    [InlineData("UapiConstantsClass", "1", "a name in C#")]
    [InlineData("UapiPatternLimit", "many", "a number above 0")]
    [InlineData("UapiFriendlyOverloads", "few", "true or false")]
    [InlineData("UapiLayoutChecks", "perhaps", "false or true")]
    [InlineData("UapiMinimumKernel", "the oldest", "a version such as 6.1")]
    public Task A_property_with_an_unknown_value_is_told_and_the_rest_is_done(string property, string value, string right) =>
        GeneratorTest.Of("EV_KEY", properties: (property, value))
            .Saying("HVU011", DiagnosticSeverity.Warning, $"{property} is '{value}', which is not {right}").RunWhateverIsMade();

    [Theory]
    [InlineData(LanguageVersion.CSharp11, true, "The code needs C# 12 or later: remove LangVersion, or raise it")]
    [InlineData(LanguageVersion.CSharp12, false, "Structs of the kernel have pointers: set AllowUnsafeBlocks to true")]
    public Task A_project_that_cannot_compile_the_code_gets_the_way_in_place_of_a_hundred_errors(
        LanguageVersion version, bool allowsUnsafe, string way) =>
        GeneratorTest.Of("EV_KEY", version, allowsUnsafe).Saying("HVU009", DiagnosticSeverity.Warning, way).Run();

    [Theory]
    [InlineData("")]
    [InlineData("\n\n// nothing yet\n")]
    [InlineData("\ufeff\r\n")]
    public Task A_list_of_nothing_makes_nothing_and_says_nothing(string list) => GeneratorTest.Of(list).Run();
}
