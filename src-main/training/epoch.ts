import type { Score, Scores, StopReason } from '#contract/run'
import { checkpointAside } from './checkpointing'
import { isOver, watch } from './early-stopping'
import { evaluate } from './evaluate'
import { closeEpoch } from './position'
import { watchPlateau } from './plateau'
import { noteChanges, noteCompiled, sendProgress } from './report'
import type { Session } from './session'

/** An evaluation was given up because the user wants the run to end. */
class Abandoned extends Error {}

/**
 * Closes an epoch: scores of validation and test, and the running ones of training; early stopping; a checkpoint.
 * Returns why the run ends here, if it does.
 */
export async function addEpoch(session: Session): Promise<StopReason | undefined> {
  const { position, control, log } = session
  const { running } = position
  const train: Score | undefined =
    running.samples === 0
      ? undefined
      : {
          loss: running.loss / running.samples,
          ...(session.classes
            ? { accuracy: running.right / running.samples }
            : { mae: running.error / running.samples })
        }
  closeEpoch(position)

  session.scores = { train, ...(await scoreHeldOut(session)) }
  session.scoredStep = position.step
  log.event({
    type: 'epoch',
    time: Date.now(),
    step: position.step,
    epoch: position.epoch,
    scores: session.scores,
    seconds: position.seconds
  })
  noteChanges(session, session.diagnosis.score(session.scores, position.step))
  const rule = session.current.training.stopEarly
  if (rule) session.earlyStopping = watch(session.earlyStopping, rule, session.scores, position.step)
  watchPlateau(session)
  await checkpointAside(session)
  return rule && !control.stopWish && isOver(session.earlyStopping, rule) ? 'early' : undefined
}

/** Scores of the parts that training does not see; none of them when the user wants the run to end meanwhile. */
async function scoreHeldOut(session: Session): Promise<Scores> {
  const { validation, test } = session.parts
  return scoreParts(session, { ...(validation && { validation }), test })
}

/** Scores of every part with the weights as they are; what was scored at this step already is not scored again. */
export async function scoreEverything(session: Session): Promise<Scores> {
  const heldOut = session.scoredStep === session.position.step ? session.scores : await scoreHeldOut(session)
  return { ...heldOut, ...(await scoreParts(session, { train: session.parts.train })) }
}

async function scoreParts(
  session: Session,
  parts: Partial<Record<keyof Scores, Session['parts']['train']>>
): Promise<Scores> {
  const started = performance.now()
  const between = async (): Promise<void> => {
    if (session.pace.mustSend()) sendProgress(session, { key: 'training.activity.evaluating' })
    await session.pace.breathe()
    if (session.control.stopWish) throw new Abandoned()
  }
  const scores: Scores = {}
  try {
    for (const [name, part] of Object.entries(parts))
      if (part.count > 0)
        scores[name as keyof Scores] = (await evaluate(session, session.programs, part, between)).score()
    noteCompiled(session)
    return scores
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error
    return {}
  } finally {
    session.position.seconds += (performance.now() - started) / 1000
  }
}
