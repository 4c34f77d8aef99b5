using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Emit;

/// <summary>The C# names of what a function-like request takes, the same in all of its methods.</summary>
internal static class ParameterNames
{
    private const string Used = "the methods themselves use that name";

    /// <summary>A name for each parameter, by its name in C.</summary>
    /// <param name="request">The request.</param>
    /// <param name="constantsClass">The class of constants, which the methods name.</param>
    internal static IReadOnlyDictionary<string, string> Of(FunctionRequest request, string constantsClass)
    {
        NameClaims claims = new();
        foreach (string name in (IEnumerable<string>)[.. IoctlEmitter.Parameters, "System", constantsClass])
        {
            claims.Reserve(name, Used);
        }

        // Who can keep its name keeps it, whoever comes first.
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (FunctionRequestParameter parameter in request.Parameters)
        {
            NamePolicy.RequireLength(parameter.Name, request.Macro.Location);
            if (NamePolicy.Identifier(parameter.Name) == parameter.Name && claims.Reserve(parameter.Name, ReasonOf(parameter)))
            {
                names[parameter.Name] = NamePolicy.Member(parameter.Name);
            }
        }

        foreach (FunctionRequestParameter parameter in request.Parameters)
        {
            if (!names.ContainsKey(parameter.Name))
            {
                names[parameter.Name] = NamePolicy.Member(claims.Claim(NamePolicy.Identifier(parameter.Name), ReasonOf(parameter)));
            }
        }

        return names;
    }

    private static ClaimReason ReasonOf(FunctionRequestParameter parameter) => new("there is a parameter ", parameter.Name);
}
