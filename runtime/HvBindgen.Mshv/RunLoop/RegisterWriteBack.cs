using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;

namespace HvBindgen.Mshv;

/// <summary>Gathers the registers that one exit changes and hands them over in one go.</summary>
/// <remarks>
/// With a valid register page everything that the page has goes there, and the rest by one hypercall; without one, all goes
/// by one hypercall. The hypercall comes first: when it is refused, the page is untouched.
/// </remarks>
internal sealed unsafe class RegisterWriteBack(ProcessorPort processor)
{
    // All general registers, segments, vector registers and the event registers, each at most once.
    private const int Capacity = 64;

    private const uint FirstGeneral = (uint)hv_register_name.HV_X64_REGISTER_RAX;
    private const uint LastGeneral = (uint)hv_register_name.HV_X64_REGISTER_R15;
    private const uint Rip = (uint)hv_register_name.HV_X64_REGISTER_RIP;
    private const uint Rflags = (uint)hv_register_name.HV_X64_REGISTER_RFLAGS;
    private const uint FirstVector = (uint)hv_register_name.HV_X64_REGISTER_XMM0;
    private const uint LastVectorOnPage = (uint)hv_register_name.HV_X64_REGISTER_XMM5;
    private const uint FirstSegment = (uint)hv_register_name.HV_X64_REGISTER_ES;
    private const uint LastSegment = (uint)hv_register_name.HV_X64_REGISTER_GS;

    private readonly uint[] names = new uint[Capacity];
    private readonly hv_u128[] values = new hv_u128[Capacity];
    private int count;

    internal int Count => count;

    internal void Clear() => count = 0;

    internal void Set(hv_register_name name, ulong low, ulong high = 0) => Set((uint)name, low, high);

    internal void SetGeneral(int register, ulong value) => Set(FirstGeneral + (uint)register, value, 0);

    internal void SetSegment(int register, in hv_x64_segment_register segment)
    {
        hv_register_value value = new() { segment = segment };
        Set(FirstSegment + (uint)register, value.reg128.low_part, value.reg128.high_part);
    }

    /// <summary>Adds a register that is not among those to be written yet.</summary>
    internal void Set(uint name, ulong low, ulong high)
    {
        names[count] = name;
        values[count] = new hv_u128 { low_part = low, high_part = high };
        count++;
    }

    /// <summary>Adds a register, or gives it another value if it is among those to be written.</summary>
    internal void Replace(uint name, in hv_u128 value)
    {
        int index = Array.IndexOf(names, name, 0, count);
        if (index >= 0)
        {
            values[index] = value;
        }
        else
        {
            Set(name, value.low_part, value.high_part);
        }
    }

    /// <summary>The value that is going to be written to a register, if it is among them.</summary>
    internal bool TryPeek(uint name, out hv_u128 value)
    {
        int index = Array.IndexOf(names, name, 0, count);
        value = index < 0 ? default : values[index];
        return index >= 0;
    }

    internal HypercallResult Commit()
    {
        HypercallResult result = default;
        if (count > 0)
        {
            result = processor.RegisterPageIsValid
                ? CommitToPage()
                : processor.SetRegisters(names.AsSpan(0, count), values.AsSpan(0, count));
            count = 0;
        }

        return result;
    }

    private HypercallResult CommitToPage()
    {
        int onPage = MoveOthersBehind();
        HypercallResult result = default;
        if (onPage < count)
        {
            result = processor.SetRegisters(names.AsSpan(onPage, count - onPage), values.AsSpan(onPage, count - onPage));
            if (!result.IsSuccess)
            {
                return result;
            }
        }

        // The page is mapped as long as the loop runs. Only what changed is written: the driver writes other fields of this page.
        hv_vp_register_page* page = processor.RegisterPage;
        uint dirty = 0;
        for (int i = 0; i < onPage; i++)
        {
            dirty |= 1u << WriteToPage(page, names[i], in values[i]);
        }

        // Last, so that no one sees a dirty bit before its registers.
        Volatile.Write(ref page->dirty, page->dirty | dirty);
        return result;
    }

    private int MoveOthersBehind()
    {
        int onPage = 0;
        for (int i = 0; i < count; i++)
        {
            if (!IsOnPage(names[i]))
            {
                continue;
            }

            if (i != onPage)
            {
                (names[i], names[onPage]) = (names[onPage], names[i]);
                (values[i], values[onPage]) = (values[onPage], values[i]);
            }

            onPage++;
        }

        return onPage;
    }

    private static bool IsOnPage(uint name) =>
        name is (>= FirstGeneral and <= Rflags) or (>= FirstVector and <= LastVectorOnPage) or (>= FirstSegment and <= LastSegment);

    private static int WriteToPage(hv_vp_register_page* page, uint name, in hv_u128 value)
    {
        switch (name)
        {
            case >= FirstGeneral and <= LastGeneral:
                ((ulong*)&page->gp_registers)[name - FirstGeneral] = value.low_part;
                return Abi.Constants.HV_X64_REGISTER_CLASS_GENERAL;
            case Rip:
                page->rip = value.low_part;
                return Abi.Constants.HV_X64_REGISTER_CLASS_IP;
            case Rflags:
                page->rflags = value.low_part;
                return Abi.Constants.HV_X64_REGISTER_CLASS_FLAGS;
            case >= FirstVector and <= LastVectorOnPage:
                ((hv_u128*)&page->xmm_registers)[name - FirstVector] = value;
                return Abi.Constants.HV_X64_REGISTER_CLASS_XMM;
            default:
                ((hv_u128*)&page->segment_registers)[name - FirstSegment] = value;
                return Abi.Constants.HV_X64_REGISTER_CLASS_SEGMENT;
        }
    }
}
