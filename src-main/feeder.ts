import { parentPort, workerData } from 'node:worker_threads'
import { serveBatches, type FeedingTask } from './datasets/feeding'

// The thread of a training process that makes its batches ahead.
if (parentPort) serveBatches(parentPort, workerData as FeedingTask)
