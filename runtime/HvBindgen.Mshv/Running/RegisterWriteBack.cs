using HvBindgen.Emulation.X64;
using HvBindgen.Mshv.Abi;
using HvBindgen.Mshv.Abi.X64;
using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Processors;

namespace HvBindgen.Mshv.Running;

/// <summary>Gathers the registers that one exit changes and hands them over in one go.</summary>
/// <remarks>With a valid register page everything that the page has goes there, and the rest by one hypercall; without one, all goes by one
/// hypercall. <see cref="RegisterPage"/> says why the page comes last.</remarks>
internal sealed class RegisterWriteBack(IProcessor processor)
{
    // All general registers, segments, vector registers and the event registers, each at most once.
    private const int Capacity = 64;

    private const int GeneralCount = 16;
    private const int SegmentCount = 6;
    private const uint FirstGeneral = (uint)hv_register_name.HV_X64_REGISTER_RAX;
    private const uint FirstSegment = (uint)hv_register_name.HV_X64_REGISTER_ES;

    private readonly RegisterPage page = processor.RegisterPage;
    private readonly Redirection redirection = processor.Redirection;
    private readonly uint[] names = new uint[Capacity];
    private readonly hv_u128[] values = new hv_u128[Capacity];
    private int count;

    internal int Count => count;

    /// <summary>Begins with the registers of another exit.</summary>
    internal void Begin()
    {
        count = 0;
        redirection.Clear();
    }

    internal void Clear() => count = 0;

    internal void Set(hv_register_name name, ulong low, ulong high = 0) => Set((uint)name, low, high);

    /// <summary>Adds what an emulated instruction has changed.</summary>
    internal void SetChanges(ref readonly X64State before, ref readonly X64State after)
    {
        for (int i = 0; i < GeneralCount; i++)
        {
            if (after.Gpr[i] != before.Gpr[i])
            {
                Set(FirstGeneral + (uint)i, after.Gpr[i], 0);
            }
        }

        if (after.Rip != before.Rip)
        {
            Set(hv_register_name.HV_X64_REGISTER_RIP, after.Rip);
        }

        if (after.Rflags != before.Rflags)
        {
            Set(hv_register_name.HV_X64_REGISTER_RFLAGS, after.Rflags);
        }

        for (int i = 0; i < SegmentCount; i++)
        {
            if (after.Segments[i] != before.Segments[i])
            {
                hv_register_value value = new() { segment = SegmentRegisters.AsRegister(in after.Segments[i]) };
                Set(FirstSegment + (uint)i, value.reg128.low_part, value.reg128.high_part);
            }
        }
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

    /// <summary>Writes the registers; none, if a handler has set where the processor goes on.</summary>
    internal HypercallResult Commit()
    {
        HypercallResult result = default;
        if (redirection.IsSet)
        {
            count = 0;
        }
        else if (count > 0)
        {
            result = page.IsValid
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

        page.Set(names.AsSpan(0, onPage), values.AsSpan(0, onPage));
        return result;
    }

    private int MoveOthersBehind()
    {
        int onPage = 0;
        for (int i = 0; i < count; i++)
        {
            if (!RegisterPage.Contains(names[i]))
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
}
