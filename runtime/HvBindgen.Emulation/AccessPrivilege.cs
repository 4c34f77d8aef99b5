namespace HvBindgen.Emulation;

/// <summary>On whose behalf an access is made.</summary>
public enum AccessPrivilege
{
    /// <summary>Code at privilege level 0, 1 or 2.</summary>
    Supervisor,

    /// <summary>Code at privilege level 3.</summary>
    User,

    /// <summary>The processor itself, to a descriptor table or task segment: AC does not lift SMAP.</summary>
    SupervisorImplicit,
}
