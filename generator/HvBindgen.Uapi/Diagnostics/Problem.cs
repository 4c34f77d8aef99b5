using HvBindgen.Generator.Model;
using HvBindgen.Uapi.Names;
using Microsoft.CodeAnalysis;

namespace HvBindgen.Uapi.Diagnostics;

/// <summary>Something to be told, before it becomes a diagnostic: only what compares by content is kept between steps.</summary>
/// <param name="Id">Which of <see cref="ProblemKinds"/>.</param>
/// <param name="Place">Where it is; null for the whole project.</param>
/// <param name="Arguments">What the message names.</param>
internal sealed record Problem(string Id, NamePlace? Place, EquatableArray<string> Arguments)
{
    internal static Problem Of(DiagnosticDescriptor descriptor, NamePlace? place, params string[] arguments) =>
        new(descriptor.Id, place, new EquatableArray<string>(arguments));

    internal Diagnostic ToDiagnostic() =>
        Diagnostic.Create(ProblemKinds.ById[Id], Place?.ToLocation() ?? Location.None, [.. Arguments]);
}
