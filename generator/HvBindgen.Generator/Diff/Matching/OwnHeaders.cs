using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>
/// Tells a set's own headers from those it only takes types from. The model lists them with what they include; in one that is older
/// than that, they are those with macros, which are kept of own headers alone, and each has at least its include guard. A type of
/// another header is in the model while something refers to it, and is neither added nor removed by that.
/// </summary>
internal sealed class OwnHeaders
{
    private readonly HashSet<string> own = new(StringComparer.Ordinal);

    internal OwnHeaders(AbiModel model)
    {
        Add(model.Macros);
        Add(model.Constants);
        Add(model.Ioctls);
        foreach (AbiInclusion inclusion in model.Inclusions)
        {
            own.Add(inclusion.Header);
        }
    }

    internal bool Contains(SourceLocation location) => Contains(location.Header);

    internal bool Contains(string header) => own.Count == 0 || own.Contains(header);

    private void Add<T>(EquatableArray<T> declarations)
        where T : IAbiDeclaration
    {
        foreach (T declaration in declarations)
        {
            own.Add(declaration.Location.Header);
        }
    }
}
