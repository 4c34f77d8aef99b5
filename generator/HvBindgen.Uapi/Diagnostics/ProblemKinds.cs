using System.Reflection;
using Microsoft.CodeAnalysis;

namespace HvBindgen.Uapi.Diagnostics;

/// <summary>Everything that the generator has to say. <c>diagnostics.md</c> tells of each what it means and what to do.</summary>
internal static class ProblemKinds
{
    // Where the repository is says whoever publishes the package; a package made elsewhere has no links.
    private static readonly string? Pages = typeof(ProblemKinds).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => data.Key == "RepositoryUrl" && data.Value is { Length: > 0 })?.Value;

    internal static readonly DiagnosticDescriptor Unknown = Warning(
        "HVU001", "Name is unknown", "No header of {0} declares '{1}'{2}");

    internal static readonly DiagnosticDescriptor Ambiguous = Warning(
        "HVU002", "Name stands for several things", "'{0}' stands for several things; say which: {1}");

    internal static readonly DiagnosticDescriptor NotOnTarget = Warning(
        "HVU003", "Name is not on the chosen machine", "'{0}' is declared for {1} only, and the project asks for {2}");

    internal static readonly DiagnosticDescriptor OnSomeTargets = Note(
        "HVU004", "Name is on one machine only", "'{0}' is declared for {1} only, and stands in the namespace {2}");

    internal static readonly DiagnosticDescriptor Misdeclared = Note(
        "HVU005", "The macro of a request says something else than its driver does", "{0}: {1} The method follows the kernel.");

    internal static readonly DiagnosticDescriptor TooWide = Warning(
        "HVU006", "Pattern is too wide", "'{0}' matches {1} names, more than {2}; narrow it, or set UapiPatternLimit");

    internal static readonly DiagnosticDescriptor NothingToLeaveOut = Warning(
        "HVU007", "Nothing is left out", "'{0}' leaves out nothing that another line asks for");

    internal static readonly DiagnosticDescriptor PlainTypedef = Warning(
        "HVU008", "Name is another name of a number", "'{0}' is a typedef of {1}, for which C# has a type of its own");

    internal static readonly DiagnosticDescriptor CannotCompile = Warning(
        "HVU009", "The project cannot compile what the headers need", "{0}");

    internal static readonly DiagnosticDescriptor CannotEmit = Warning(
        "HVU010", "Declarations cannot be together in C#", "{0}");

    internal static readonly DiagnosticDescriptor WrongSetting = Warning(
        "HVU011", "A property of the project has no such value", "{0}");

    internal static readonly DiagnosticDescriptor DamagedSnapshot = Warning(
        "HVU012", "ABI snapshot cannot be used", "{0}");

    internal static readonly DiagnosticDescriptor SnapshotsDiffer = Warning(
        "HVU013", "ABI snapshots contradict each other",
        "{0} declares '{1}' otherwise than another snapshot of the project, which is taken");

    internal static readonly DiagnosticDescriptor SharedNamespace = Warning(
        "HVU014", "Another assembly has the same types in the same namespace",
        "{0}, whose types this project sees, has {1} of them in the namespace {2} too, {3} for one; give each project its UapiNamespace");

    internal static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> ById =
        new[]
        {
            Unknown, Ambiguous, NotOnTarget, OnSomeTargets, Misdeclared, TooWide, NothingToLeaveOut, PlainTypedef, CannotCompile,
            CannotEmit, WrongSetting, DamagedSnapshot, SnapshotsDiffer, SharedNamespace,
        }.ToDictionary(descriptor => descriptor.Id, StringComparer.Ordinal);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Of(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Note(string id, string title, string message) =>
        Of(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Of(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, "HvBindgen.Uapi", severity, isEnabledByDefault: true, helpLinkUri: PageOf(Pages, id));

    /// <summary>The page that says what a diagnostic means.</summary>
    /// <param name="repository">Where the repository is; null where nobody says.</param>
    /// <param name="id">The diagnostic.</param>
    internal static string? PageOf(string? repository, string id) =>
        repository is null ? null
            : $"{repository.TrimEnd('/')}/blob/main/generator/HvBindgen.Uapi/diagnostics.md#{id.ToLowerInvariant()}";
}
