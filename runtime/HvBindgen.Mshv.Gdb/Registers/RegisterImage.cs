using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Gdb.Registers;

/// <summary>Registers of a processor as the hypervisor has them, by its own numbers.</summary>
internal sealed class RegisterImage(uint[] names)
{
    private readonly Dictionary<uint, int> places = names.Index().ToDictionary(each => each.Item, each => each.Index);

    internal ReadOnlySpan<uint> Names => names;

    internal hv_u128[] Values { get; } = new hv_u128[names.Length];

    internal ref hv_u128 this[uint name] => ref Values[places[name]];
}
