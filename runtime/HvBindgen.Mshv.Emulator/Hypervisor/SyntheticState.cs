using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv.Emulator.Hypervisor;

/// <summary>Values of synthetic registers, of one processor or of a partition.</summary>
internal sealed class SyntheticState
{
    private readonly Dictionary<hv_register_name, ulong> values = [];

    internal ulong this[hv_register_name name]
    {
        get
        {
            lock (values)
            {
                return values.GetValueOrDefault(name);
            }
        }

        set
        {
            lock (values)
            {
                values[name] = value;
            }
        }
    }
}
