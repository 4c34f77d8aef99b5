namespace HvBindgen.Mshv.Conformance.Probing;

/// <summary>Cases while they are being listed.</summary>
internal sealed class CaseList : List<ConformanceCase>
{
    /// <summary>Adds a case.</summary>
    internal void Add(string name, Action<Probe> body) => Add(new ConformanceCase(name, body));
}
