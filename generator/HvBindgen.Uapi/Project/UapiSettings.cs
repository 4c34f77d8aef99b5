using HvBindgen.Generator.Model;
using HvBindgen.Uapi.Diagnostics;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HvBindgen.Uapi.Project;

/// <summary>What a project says by MSBuild properties.</summary>
/// <param name="Namespace">Namespace of what is the same on all targets.</param>
/// <param name="IsPublic">Whether all types are for other assemblies too.</param>
/// <param name="ConstantsClass">Name of the class with the constants.</param>
/// <param name="Targets">Names of the machines.</param>
/// <param name="HasLayoutChecks">Whether code is emitted that compares the layout with C's.</param>
/// <param name="PatternLimit">How many names a pattern may match.</param>
/// <param name="Problems">Properties with values that nobody knows.</param>
internal sealed record UapiSettings(
    string Namespace, bool IsPublic, string ConstantsClass, EquatableArray<string> Targets, bool HasLayoutChecks, int PatternLimit,
    EquatableArray<Problem> Problems)
{
    private const int DefaultPatternLimit = 2000;

    /// <summary>Whether requests have methods that take references and spans, beside those that take an address.</summary>
    internal bool HasFriendlyOverloads { get; init; } = true;

    /// <summary>The oldest kernel that the project runs on; null where it names none.</summary>
    internal Version? MinimumKernel { get; init; }

    /// <summary>Reads the properties.</summary>
    /// <param name="options">The properties.</param>
    /// <param name="known">The machines that can be asked for; asked only where a project names some.</param>
    internal static UapiSettings Read(AnalyzerConfigOptions options, Func<IReadOnlyList<TargetInfo>> known)
    {
        List<Problem> problems = [];
        string root = Value(options, "RootNamespace") is { Length: > 0 } name && IsNamespace(name) ? $"{name}.Uapi" : "Uapi";
        string @namespace = Value(options, "UapiNamespace") is { Length: > 0 } own ? own : root;
        if (!IsNamespace(@namespace))
        {
            problems.Add(Wrong("UapiNamespace", @namespace, "a namespace"));
            @namespace = root;
        }

        string constants = Value(options, "UapiConstantsClass") is { Length: > 0 } given ? given : "Constants";
        if (!IsName(constants))
        {
            problems.Add(Wrong("UapiConstantsClass", constants, "a name in C#"));
            constants = "Constants";
        }

        string limitText = Value(options, "UapiPatternLimit");
        int limit = DefaultPatternLimit;
        if (limitText.Length > 0 && (!int.TryParse(limitText, out limit) || limit < 1))
        {
            problems.Add(Wrong("UapiPatternLimit", limitText, "a number above 0"));
            limit = DefaultPatternLimit;
        }

        string kernelText = Value(options, "UapiMinimumKernel");
        Version? kernel = null;
        if (kernelText.Length > 0 && !Version.TryParse(kernelText, out kernel))
        {
            problems.Add(Wrong("UapiMinimumKernel", kernelText, "a version such as 6.1"));
        }

        bool isPlain = OneOf(options, "UapiFriendlyOverloads", "true", "false", problems);
        return new UapiSettings(
            @namespace,
            OneOf(options, "UapiVisibility", "internal", "public", problems),
            constants,
            TargetsOf(options, known, problems),
            OneOf(options, "UapiLayoutChecks", "false", "true", problems),
            limit,
            EquatableArray.From(problems))
        {
            MinimumKernel = kernel,
            HasFriendlyOverloads = !isPlain,
        };
    }

    private static EquatableArray<string> TargetsOf(
        AnalyzerConfigOptions options, Func<IReadOnlyList<TargetInfo>> known, List<Problem> problems)
    {
        List<string> targets = [];
        foreach (string name in Value(options, "UapiTargets").Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            if (TargetInfo.Find(name) is { } target && known().Contains(target))
            {
                targets.Add(target.Name);
            }
            else
            {
                problems.Add(Wrong("UapiTargets", name, $"one of {string.Join(", ", known().Select(one => one.Name))}"));
            }
        }

        return targets.Count > 0 ? EquatableArray.From(targets.Distinct()) : ["x86_64", "arm64"];
    }

    // Whether the second of two words is given; the first is the default.
    private static bool OneOf(AnalyzerConfigOptions options, string property, string first, string second, List<Problem> problems)
    {
        string value = Value(options, property);
        bool isSecond = value.Equals(second, StringComparison.OrdinalIgnoreCase);
        if (value.Length > 0 && !isSecond && !value.Equals(first, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(Wrong(property, value, $"{first} or {second}"));
        }

        return isSecond;
    }

    private static Problem Wrong(string property, string value, string right) =>
        Problem.Of(ProblemKinds.WrongSetting, null, $"{property} is '{value}', which is not {right}");

    // Lists come with commas: a semicolon would end the line of the file that properties reach the compiler in.
    private static string Value(AnalyzerConfigOptions options, string property) =>
        options.TryGetValue($"build_property.{property}", out string? value) ? value.Trim() : "";

    private static bool IsNamespace(string name) => name.Split('.').All(IsName);

    // Roslyn's identifiers may be keywords, which whoever uses the name would have to escape.
    private static bool IsName(string name) =>
        SyntaxFacts.IsValidIdentifier(name) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None;
}
