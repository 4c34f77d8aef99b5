namespace HvBindgen.Mshv.Tests.Guests.Systems;

/// <summary>What an access does.</summary>
internal enum PageAccess
{
    /// <summary>Reads.</summary>
    Read,

    /// <summary>Writes.</summary>
    Write,

    /// <summary>Executes.</summary>
    Execute,
}

/// <summary>Registers that page rights depend on.</summary>
/// <param name="IsUser">Whether the program runs at privilege level 3.</param>
/// <param name="WriteProtect">CR0.WP.</param>
/// <param name="NoExecute">EFER.NXE.</param>
/// <param name="Smep">CR4.SMEP.</param>
/// <param name="Smap">CR4.SMAP.</param>
/// <param name="Ac">RFLAGS.AC.</param>
internal sealed record PageRules(bool IsUser, bool WriteProtect, bool NoExecute, bool Smep, bool Smap, bool Ac)
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong NotExecutable = 1UL << 63;
    private const uint ReservedCode = 8;
    private const uint FetchCode = 16;

    /// <summary>The error code of an access by entries from the upper to the lower (SDM volume 3, 4.6 and 4.7); null where it is
    /// allowed.</summary>
    internal uint? ErrorCode(PageAccess access, params ReadOnlySpan<ulong> entries)
    {
        uint code = (access == PageAccess.Write ? (uint)Writable : 0) | (IsUser ? (uint)User : 0)
            | (access == PageAccess.Execute && (NoExecute || Smep) ? FetchCode : 0);
        ulong rights = Writable | User;
        bool isExecutable = true;
        foreach (ulong entry in entries)
        {
            if ((entry & Present) == 0)
            {
                return code;
            }

            // Without NXE the bit is reserved.
            if ((entry & NotExecutable) != 0 && !NoExecute)
            {
                return code | (uint)Present | ReservedCode;
            }

            rights &= entry;
            isExecutable &= (entry & NotExecutable) == 0;
        }

        return IsAllowed(access, rights, isExecutable) ? null : code | (uint)Present;
    }

    private bool IsAllowed(PageAccess access, ulong rights, bool isExecutable)
    {
        bool isUserPage = (rights & User) != 0;
        bool isWritable = (rights & Writable) != 0;
        return access switch
        {
            PageAccess.Execute => isExecutable && (IsUser ? isUserPage : !isUserPage || !Smep),
            _ when IsUser => isUserPage && (isWritable || access == PageAccess.Read),
            _ when isUserPage && Smap && !Ac => false,
            PageAccess.Write => isWritable || !WriteProtect,
            _ => true,
        };
    }
}
